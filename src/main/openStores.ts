import type { OpenStores } from './commands/import';
import { processConfig } from './config';
import { openDatabase } from './database';

/** Opens the stores of a command, and logs actions of the embedded database to standard error. */
export const openStores: OpenStores = async ({ databaseUrl }) =>
  openDatabase({
    config: processConfig(),
    databaseUrl,
    onLog: message => process.stderr.write(`${message}\n`),
  });
