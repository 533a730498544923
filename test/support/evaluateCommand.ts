import { Command } from 'commander';
import { type OpenThreads, registerEvaluate } from '../../src/main/commands/evaluate';

/** Runs `affinity evaluate` in this process and returns what it printed, one entry per call. @throws what the command throws */
export async function evaluateCommand(
  openThreads: OpenThreads,
  given: readonly string[],
): Promise<readonly string[]> {
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation(text => void printed.push(String(text)));
  const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerEvaluate(program, openThreads);
  try {
    await program.parseAsync(['node', 'affinity', 'evaluate', ...given]);
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
  return printed;
}
