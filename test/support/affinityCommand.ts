import { Command } from 'commander';
import { registerExport } from '../../src/main/commands/export';
import { registerImport } from '../../src/main/commands/import';
import type { Stores } from '../../src/store/ports/stores';

/** Runs a command line over the given stores, as the package's bin does. */
export async function affinity(stores: Stores, ...line: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  const openStores = async () => ({ stores, close: async () => undefined });
  registerImport(program, openStores);
  registerExport(program, openStores);
  await program.parseAsync(line, { from: 'user' });
}
