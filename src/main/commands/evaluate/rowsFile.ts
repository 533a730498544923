import type { Rows } from '../../../evaluation/rows';
import { invalidFile } from './lines';
import type { IdTables } from './pairsFile';
import { recordsOf } from './recordsFile';

const roles = ['user', 'item', 'rating', 'time'] as const;

/** A number, or an instant written as ISO 8601 (in milliseconds). '' is NaN. */
function numberOf(text: string, role: string, place: string): number {
  if (text === '') return Number.NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  const at = role === 'time' ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw invalidFile(place, `a ${role} that is a number`, text, 'Correct it, or name the columns: --columns.');
}

/**
 * Reads a file of `user item [rating] [time]`, one event a line. Records without a user (nobody's) are passed over.
 *
 * @param needed - 3 where every line must have a rating
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readRowsFile(
  path: string,
  named: ReadonlyMap<string, string>,
  { users, products }: IdTables,
  needed: 2 | 3,
): Promise<Rows> {
  const columns = {
    user: [] as number[],
    product: [] as number[],
    rating: [] as number[],
    time: [] as number[],
  };
  for await (const { place, values } of recordsOf(path, { roles, needed, named })) {
    const [user, item, rating, time] = values;
    if (user === '') continue;
    if (item === '') throw invalidFile(place, 'an item', 'none', 'Fill it in or drop the line.');
    if (needed === 3 && rating === '')
      throw invalidFile(place, 'a rating', 'none', 'Fill it in or drop the line.');
    columns.user.push(users.indexOf(user));
    columns.product.push(products.indexOf(item));
    columns.rating.push(numberOf(rating, 'rating', place));
    columns.time.push(numberOf(time, 'time', place));
  }
  if (columns.user.length === 0)
    throw invalidFile(path, 'lines with a user and an item', 'none', 'Give a file that has some.');
  return {
    user: Uint32Array.from(columns.user),
    product: Uint32Array.from(columns.product),
    rating: Float32Array.from(columns.rating),
    time: Float64Array.from(columns.time),
  };
}
