// breaks: pure-layers-do-no-io
import 'node:fs';
