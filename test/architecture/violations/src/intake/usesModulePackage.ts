// breaks: pure-layers-do-no-io
import 'jose';
