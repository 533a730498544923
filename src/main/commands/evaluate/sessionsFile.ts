import type { PrefixList, SessionList } from '../../../evaluation/sessions';
import type { Interner } from '../../../snapshot/rawColumns';
import { createFieldSplitter, invalidFile, linesOf } from './lines';

/** What the lines of a file of sessions are. */
export type SessionForm =
  /** `item item …`, oldest first. */
  | 'sessions'
  /** `user item item …`, oldest first: a session with a name, which is not kept. */
  | 'sequences';

/**
 * Reads a file with one session a line.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readSessionsFile(
  path: string,
  form: SessionForm,
  products: Interner,
): Promise<SessionList> {
  const offsets = [0];
  const items: number[] = [];
  const fieldsOf = createFieldSplitter(path);
  for await (const { number, text } of linesOf(path)) {
    const fields = fieldsOf(text, number);
    if (fields.length === 0) continue;
    if (form === 'sequences' && fields.length < 2)
      throw invalidFile(`${path}:${number}`, 'a user and items', 'one field', 'Use --format sessions.');
    for (const id of form === 'sequences' ? fields.slice(1) : fields) items.push(products.indexOf(id));
    offsets.push(items.length);
  }
  if (items.length === 0) throw invalidFile(path, 'lines with items', 'none', 'Give a file that has some.');
  return { offsets: Uint32Array.from(offsets), product: Uint32Array.from(items) };
}

const itemDelimiter = /[ ,;]+/;

/**
 * Reads a file of questions: `item item … TAB item`, the beginning of a session and what came next.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTestPairsFile(path: string, products: Interner): Promise<PrefixList> {
  const offsets = [0];
  const items: number[] = [];
  const targets: number[] = [];
  for await (const { number, text } of linesOf(path)) {
    if (text.trim() === '') continue;
    const [prefix, target, ...more] = text.split('\t').map(part => part.trim());
    if (!prefix || !target || more.length > 0 || itemDelimiter.test(target))
      throw invalidFile(
        `${path}:${number}`,
        'items, a tab and the one item that came next',
        text.includes('\t') ? 'other fields' : 'no tab',
        'Write "item item … TAB item".',
      );
    for (const id of prefix.split(itemDelimiter)) items.push(products.indexOf(id));
    offsets.push(items.length);
    targets.push(products.indexOf(target));
  }
  if (targets.length === 0)
    throw invalidFile(path, 'lines with items, a tab and an item', 'none', 'Give a file that has some.');
  const [prefixes, product] = [Uint32Array.from(offsets), Uint32Array.from(items)];
  return { offsets: prefixes, product, target: Uint32Array.from(targets) };
}
