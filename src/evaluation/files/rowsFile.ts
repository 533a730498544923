import { parseDecimal } from '../../intake/numbers';
import type { Rows } from '../rows';
import { checkId } from './checkId';
import type { IdTables } from './idTables';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';
import { createTimeColumn } from './timeColumn';

const roles = ['user', 'item', 'rating', 'time'] as const;

/** Parses a rating or weight. '' is NaN. */
function ratingOf(text: string, place: string): number {
  if (text === '') return Number.NaN;
  const value = parseDecimal(text);
  if (Number.isFinite(value)) return value;
  throw invalidFile(place, 'a rating that is a number', text, 'Correct it, or name the columns: --columns.');
}

/** Refuses times in some lines only. */
function checkTimes(times: readonly number[], name: string): void {
  const missing = times.filter(Number.isNaN).length;
  if (missing === 0 || missing === times.length) return;
  throw invalidFile(name, 'a time in every line, or in none', `none in ${missing} lines`, 'Complete it.');
}

/**
 * Reads `user item [rating] [time]`, one event per line. Records without a user are skipped.
 *
 * @param named - role → header or column number, as `--columns` gives it
 * @param requiredRoles - 3 where every line must have a rating
 * @param timeFormat - as --time-format gives it
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readRowsFile(
  source: LineSource,
  named: ReadonlyMap<string, string>,
  { users, products }: IdTables,
  requiredRoles: 2 | 3,
  timeFormat?: string,
): Promise<Rows> {
  const timeOf = createTimeColumn({ format: timeFormat, isOrderEnough: true });
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
    columns.user.push(users.indexOf(checkId(user, place)));
    columns.product.push(products.indexOf(checkId(item, place)));
    columns.rating.push(ratingOf(rating, place));
    columns.time.push(time === '' ? Number.NaN : timeOf(time, place));
  }
  if (columns.user.length === 0)
    throw invalidFile(source.name, 'lines with a user and an item', 'none', 'Use a non-empty file.');
  checkTimes(columns.time, source.name);
  return {
    user: Uint32Array.from(columns.user),
    product: Uint32Array.from(columns.product),
    rating: Float32Array.from(columns.rating),
    time: Float64Array.from(columns.time),
  };
}
