// breaks: pure-layers-do-no-io
import type { Logger } from 'pino';
export type L = Logger;
