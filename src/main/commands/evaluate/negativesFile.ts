import type { NegativeList } from '../../../evaluation/negatives';
import { invalidFile, linesOf } from './lines';
import type { IdTables } from './pairsFile';

const head = /^\((.+),\s*(.+)\)$/;

/**
 * Reads a file of fixed negatives as He et al. 2017 (NCF) published them: `(user,item) TAB item TAB item …`.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readNegativesFile(path: string, { users, products }: IdTables): Promise<NegativeList> {
  const user: number[] = [];
  const target: number[] = [];
  const offsets = [0];
  const negatives: number[] = [];
  for await (const { number, text } of linesOf(path)) {
    if (text.trim() === '') continue;
    const [first, ...others] = text.trim().split(/\t/);
    const parts = head.exec(first);
    if (!parts || others.length === 0)
      throw invalidFile(
        `${path}:${number}`,
        '(user,item), a tab and the items to rank it among, parted by tabs',
        parts ? 'no items' : first.slice(0, 40),
        'Write it as the NCF files do.',
      );
    user.push(users.indexOf(parts[1]));
    target.push(products.indexOf(parts[2]));
    for (const id of others) if (id.trim() !== parts[2]) negatives.push(products.indexOf(id.trim()));
    offsets.push(negatives.length);
  }
  if (user.length === 0) throw invalidFile(path, 'lines', 'none', 'Give a file that has some.');
  return {
    user: Uint32Array.from(user),
    target: Uint32Array.from(target),
    offsets: Uint32Array.from(offsets),
    negatives: Uint32Array.from(negatives),
  };
}
