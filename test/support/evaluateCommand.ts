import { Command } from 'commander';
import { type OpenThreads, registerEvaluate } from '../../src/main/commands/evaluate';
import type { OpenStores } from '../../src/main/commands/import';
import { createMemoryStores } from '../../src/store/memory/stores';

const openEmpty: OpenStores = async () => ({ stores: createMemoryStores(), close: async () => undefined });

/** Runs `affinity evaluate` in this process and returns what it printed, one entry per call. @throws what the command throws */
export async function evaluateCommand(
  openThreads: OpenThreads,
  given: readonly string[],
  openStores: OpenStores = openEmpty,
): Promise<readonly string[]> {
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation(text => void printed.push(String(text)));
  const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerEvaluate(program, openStores, openThreads);
  try {
    await program.parseAsync(['node', 'affinity', 'evaluate', ...given]);
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
  return printed;
}
