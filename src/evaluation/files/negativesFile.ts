import type { NegativeList } from '../negatives';
import type { IdTables } from './idTables';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';

const head = /^\((.+),\s*(.+)\)$/;

/**
 * Reads fixed negatives in the published format of He et al. 2017 (NCF): `(user,item) TAB item TAB item …`.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readNegativesFile(
  source: LineSource,
  { users, products }: IdTables,
): Promise<NegativeList> {
  const user: number[] = [];
  const target: number[] = [];
  const offsets = [0];
  const negatives: number[] = [];
  for await (const { number, text } of source) {
    if (text.trim() === '') continue;
    const [first, ...others] = text.trim().split(/\t/);
    const parts = head.exec(first);
    if (!parts || others.length === 0)
      throw invalidFile(
        `${source.name}:${number}`,
        '(user,item), a tab and the items to rank it among, separated by tabs',
        parts ? 'no items' : first.slice(0, 40),
        'Use the format of the NCF files.',
      );
    user.push(users.indexOf(parts[1]));
    target.push(products.indexOf(parts[2]));
    for (const id of others) if (id.trim() !== parts[2]) negatives.push(products.indexOf(id.trim()));
    offsets.push(negatives.length);
  }
  if (user.length === 0) throw invalidFile(source.name, 'lines', 'none', 'Use a non-empty file.');
  return {
    user: Uint32Array.from(user),
    target: Uint32Array.from(target),
    offsets: Uint32Array.from(offsets),
    negatives: Uint32Array.from(negatives),
  };
}
