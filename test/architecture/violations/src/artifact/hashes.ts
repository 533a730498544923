// breaks: pure-rooms-do-no-io
import 'node:crypto';
