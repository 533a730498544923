import type { Interner } from '../../snapshot/rawColumns';
import type { PrefixList, SessionList } from '../sessions';
import { createFieldSplitter } from './fieldSplitter';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';

/** How the lines of a file of sessions are read. */
export type SessionForm =
  /** `item item …`, oldest first. */
  | 'sessions'
  /** `user item item …`, oldest first: a session with a name, which is not kept. */
  | 'sequences';

/**
 * Reads one session per line.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readSessionsFile(
  source: LineSource,
  form: SessionForm,
  products: Interner,
): Promise<SessionList> {
  const offsets = [0];
  const items: number[] = [];
  const fieldsOf = createFieldSplitter(source.name);
  for await (const line of source) {
    const fields = fieldsOf(line);
    if (fields.length === 0) continue;
    if (form === 'sequences' && fields.length < 2)
      throw invalidFile(
        `${source.name}:${line.number}`,
        'a user and items',
        'one field',
        'Use --format sessions.',
      );
    for (const id of form === 'sequences' ? fields.slice(1) : fields) items.push(products.indexOf(id));
    offsets.push(items.length);
  }
  if (items.length === 0) throw invalidFile(source.name, 'lines with items', 'none', 'Use a non-empty file.');
  return { offsets: Uint32Array.from(offsets), product: Uint32Array.from(items) };
}

const itemDelimiter = /[ ,;]+/;

/**
 * Reads test questions, one per line: `item item … TAB item`, the beginning of a session and the item that followed.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTestPairsFile(source: LineSource, products: Interner): Promise<PrefixList> {
  const offsets = [0];
  const items: number[] = [];
  const targets: number[] = [];
  for await (const { number, text } of source) {
    if (text.trim() === '') continue;
    const [prefix, target, ...more] = text.split('\t').map(part => part.trim());
    if (!prefix || !target || more.length > 0 || itemDelimiter.test(target))
      throw invalidFile(
        `${source.name}:${number}`,
        'items, a tab and the one item that came next',
        text.includes('\t') ? 'other fields' : 'no tab',
        'Write "item item … TAB item".',
      );
    for (const id of prefix.split(itemDelimiter)) items.push(products.indexOf(id));
    offsets.push(items.length);
    targets.push(products.indexOf(target));
  }
  if (targets.length === 0)
    throw invalidFile(source.name, 'lines with items, a tab and an item', 'none', 'Use a non-empty file.');
  const [prefixes, product] = [Uint32Array.from(offsets), Uint32Array.from(items)];
  return { offsets: prefixes, product, target: Uint32Array.from(targets) };
}
