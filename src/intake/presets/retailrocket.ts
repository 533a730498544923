import { parseDecimal } from '../numbers';
import { type Problem, problem } from '../rejections';
import { csv, hasHeader } from './columns';
import { giveEvent } from './give';
import type { DelimitedReader, FileHead, ImportContext, Preset, RowSink } from './preset';

const sampleHeader = 'visitorid\titemid\tevent';
const fullHeader = 'timestamp,visitorid,event,itemid,transactionid';

const dayMs = 86_400_000;
/** The files have no times, only an order; their events start here. */
const firstDay = Date.UTC(2015, 5, 1);

/** Types of events by the beginning of the file's name; carts follow views, purchases follow carts. */
const kinds = [
  { prefix: 'view', type: 'VIEW', startsAt: firstDay },
  { prefix: 'add_to_cart', type: 'CART_ADD', startsAt: firstDay + 30 * dayMs },
  { prefix: 'purchase', type: 'PURCHASE', startsAt: firstDay + 60 * dayMs },
] as const;

const types: ReadonlyMap<string, string> = new Map([
  ['view', 'VIEW'],
  ['addtocart', 'CART_ADD'],
  ['transaction', 'PURCHASE'],
]);

/**
 * RetailRocket (2015): either the original `events.csv`, or three TSV files without times, `visitorid itemid event`, whose
 * names begin with view, add_to_cart and purchase. There line n occurs n seconds after 1 June, 1 July or 31 July 2015.
 */
export const retailrocket: Preset = {
  name: 'retailrocket',
  version: 1,
  files: `TSVs named view…, add_to_cart… and purchase… with the header visitorid, itemid, event; or events.csv (${fullHeader})`,
  currency: 'USD',
  start: context => ({
    open: head => sampleReader(head, context) ?? fullReader(head, context),
    order: head => kinds.findIndex(kind => head.name.startsWith(kind.prefix)),
  }),
};

function sampleReader(head: FileHead, context: ImportContext): DelimitedReader | null {
  const kind = kinds.find(({ prefix }) => head.name.startsWith(prefix));
  if (!kind || !hasHeader(head, sampleHeader)) return null;
  return {
    format: 'delimited',
    encoding: 'utf-8',
    hasHeader: true,
    dialect: { delimiter: '\t', quoted: false, columns: 3 },
    read: ([userId, productId], lineNumber, sink) => {
      const id = `${kind.prefix}:${userId}:${productId}`;
      const occurredAt = new Date(kind.startsAt + lineNumber * 1000);
      return giveEvent({ id, userId, productId, type: kind.type, occurredAt }, context, sink);
    },
  };
}

function fullReader(head: FileHead, context: ImportContext): DelimitedReader | null {
  if (!hasHeader(head, fullHeader)) return null;
  return { ...csv(5), read: (fields, _lineNumber, sink) => readFull(fields, context, sink) };
}

function readFull(fields: readonly string[], context: ImportContext, sink: RowSink): Problem | null {
  const [milliseconds, userId, word, productId, transaction] = fields;
  const type = types.get(word);
  if (!type) {
    const got = `text of ${word.length} characters`;
    return problem('TYPE_UNKNOWN', 'event', 'view, addtocart or transaction', got, 'Correct the type.');
  }
  const event = {
    id: `${milliseconds}:${userId}:${word}:${productId}`,
    userId,
    productId,
    type,
    sessionId: transaction === '' ? null : transaction,
    occurredAt: new Date(parseDecimal(milliseconds)),
  };
  return giveEvent(event, context, sink);
}
