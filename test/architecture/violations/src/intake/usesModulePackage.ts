// breaks: pure-rooms-do-no-io
import 'jose';
