import type { Rows } from '../rows';
import type { IdTables } from './idTables';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';

const roles = ['user', 'item', 'rating', 'time'] as const;

/** Parses a number, or an ISO 8601 instant as milliseconds. '' is NaN. */
function numberOf(text: string, role: string, place: string): number {
  if (text === '') return Number.NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  const at = role === 'time' ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw invalidFile(place, `a ${role} that is a number`, text, 'Correct it, or name the columns: --columns.');
}

/**
 * Reads `user item [rating] [time]`, one event per line. Records without a user are skipped.
 *
 * @param named - role → header or column number, as `--columns` gives it
 * @param requiredRoles - 3 where every line must have a rating
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readRowsFile(
  source: LineSource,
  named: ReadonlyMap<string, string>,
  { users, products }: IdTables,
  requiredRoles: 2 | 3,
): Promise<Rows> {
  const columns = {
    user: [] as number[],
    product: [] as number[],
    rating: [] as number[],
    time: [] as number[],
  };
  for await (const { place, values } of recordsOf(source, { roles, requiredRoles, named })) {
    const [user, item, rating, time] = values;
    if (user === '') continue;
    if (item === '') throw invalidFile(place, 'an item', 'none', 'Fill it in or drop the line.');
    if (requiredRoles === 3 && rating === '')
      throw invalidFile(place, 'a rating', 'none', 'Fill it in or drop the line.');
    columns.user.push(users.indexOf(user));
    columns.product.push(products.indexOf(item));
    columns.rating.push(numberOf(rating, 'rating', place));
    columns.time.push(numberOf(time, 'time', place));
  }
  if (columns.user.length === 0)
    throw invalidFile(source.name, 'lines with a user and an item', 'none', 'Use a non-empty file.');
  return {
    user: Uint32Array.from(columns.user),
    product: Uint32Array.from(columns.product),
    rating: Float32Array.from(columns.rating),
    time: Float64Array.from(columns.time),
  };
}
