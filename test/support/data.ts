import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the data sets: next to the checkout, never in it. */
const dataFolder = join(__dirname, '..', '..', '..', 'shared', 'data');

/** The path of a file among the data sets. */
export const dataFile = (folder: string, file: string): string => join(dataFolder, folder, file);

/** Tests that need a data set; where it is missing they are reported as skipped, with what was looked for. */
export function describeWithData(folder: string, name: string, tests: () => void): void {
  const path = join(dataFolder, folder);
  const isThere = existsSync(path);
  const run = isThere ? describe : describe.skip;
  run(isThere ? name : `${name} (needs ${path}, which is not there)`, tests);
}
