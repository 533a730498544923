// breaks: pure-layers-do-no-io
import 'zod';
