import { arch, cpus, platform, totalmem } from 'node:os';
import { createOutput, whyNotWritable } from '../../files/outputFile';
import { type EvaluateOptions, invalid } from './options';

/** The arguments of this command; the address of a database may hold a password, so it is left out. */
function shownArguments(given: readonly string[]): string {
  return given
    .map((argument, at) => {
      if (argument.startsWith('--database-url=')) return '--database-url=…';
      return given[at - 1] === '--database-url' ? '…' : argument;
    })
    .join(' ');
}

/** Returns facts about this machine and command, one per line. */
export function environmentOf(): readonly string[] {
  const [cpu] = cpus();
  return [
    `node ${process.version}, ${platform()} ${arch()}`,
    `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `affinity ${shownArguments(process.argv.slice(2))}`,
  ];
}

/** Checks before any model trains that --report can be written, and is none of the files that are read. */
export async function checkReport(options: EvaluateOptions): Promise<void> {
  const { report, train, test, testPairs, testNegatives, data, text, files } = options;
  if (report === undefined) return;
  const inputs = [train, test, testPairs, testNegatives, data, text, ...files].filter(
    path => path !== undefined,
  );
  const reason = await whyNotWritable(report, inputs);
  if (reason === null) return;
  throw invalid('a file for --report that can be written', `${report}: ${reason}`, 'Name another file.');
}

/** Writes the page of --report. */
export async function writeReport(path: string, page: string): Promise<void> {
  const output = createOutput(path);
  output.stream.write(page);
  await output.commit();
}
