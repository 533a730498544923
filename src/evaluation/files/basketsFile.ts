import { createInterner, type Interner } from '../../snapshot/rawColumns';
import type { SessionList } from '../sessions';
import { checkId } from './checkId';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';

const roles = ['user', 'basket', 'item'] as const;

/**
 * Reads `user,basket,item`, one item per line. Baskets are in order of their first line. The user may be empty or left
 * out of `named`: baskets do not depend on who bought them.
 *
 * @param named - role → header or column number, as `--columns` gives it
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readBasketsFile(
  source: LineSource,
  named: ReadonlyMap<string, string>,
  products: Interner,
): Promise<SessionList> {
  const baskets = createInterner();
  const lists: number[][] = [];
  const request = { roles, requiredRoles: named.size > 0 && !named.has('user') ? 0 : roles.length, named };
  for await (const { place, values } of recordsOf(source, request)) {
    const [user, basket, item] = values;
    if (basket === '' || item === '')
      throw invalidFile(place, 'a basket and an item', 'an empty field', 'Fill it in or drop the line.');
    const index = baskets.indexOf(`${user}\u0000${basket}`);
    lists[index] ??= [];
    lists[index].push(products.indexOf(checkId(item, place)));
  }
  if (lists.length === 0)
    throw invalidFile(source.name, 'lines with a basket and an item', 'none', 'Use a non-empty file.');
  const offsets = [0];
  for (const list of lists) offsets.push(offsets[offsets.length - 1] + list.length);
  return { offsets: Uint32Array.from(offsets), product: Uint32Array.from(lists.flat()) };
}
