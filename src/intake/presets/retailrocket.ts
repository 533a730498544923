import { parseDecimal } from '../numbers';
import { type Problem, problem } from '../rejections';
import { csv, hasHeader } from './columns';
import { giveEvent, giveProduct } from './give';
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

/** Number of products that are remembered, so that a product is written once and not with every event. */
const maxRemembered = 1_000_000;

/**
 * RetailRocket (2015): either the original `events.csv`, or three TSV files without times, `visitorid itemid event`, whose
 * names begin with view, add_to_cart and purchase. There line n occurs n seconds after 1 June, 1 July or 31 July 2015.
 * Each product gets a row with its id: the files describe nothing else of it, and a product without a row is in no list.
 */
export const retailrocket: Preset = {
  name: 'retailrocket',
  version: 1,
  files: `TSVs named view…, add_to_cart… and purchase… with the header visitorid, itemid, event; or events.csv (${fullHeader})`,
  currency: 'USD',
  start: context => {
    const give = giver(context);
    return {
      open: head => sampleReader(head, give) ?? fullReader(head, give),
      order: head => kinds.findIndex(kind => head.name.startsWith(kind.prefix)),
    };
  },
};

/** The fields of an event. */
interface RawEvent {
  readonly id: string;
  readonly userId: string;
  readonly productId: string;
  readonly type: string;
  readonly sessionId?: string | null;
  readonly occurredAt: Date;
}

/** Passes an event, and the product that it names unless it did before, to the sink. */
type Give = (event: RawEvent, sink: RowSink) => Problem | null;

function giver(context: ImportContext): Give {
  const known = new Set<string>();
  return (event, sink) => {
    const problem = giveEvent(event, context, sink);
    const { productId } = event;
    if (problem !== null || known.has(productId)) return problem;
    if (known.size >= maxRemembered) known.clear();
    known.add(productId);
    return giveProduct({ id: productId }, context, sink);
  };
}

function sampleReader(head: FileHead, give: Give): DelimitedReader | null {
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
      return give({ id, userId, productId, type: kind.type, occurredAt }, sink);
    },
  };
}

function fullReader(head: FileHead, give: Give): DelimitedReader | null {
  if (!hasHeader(head, fullHeader)) return null;
  return { ...csv(5), read: (fields, _lineNumber, sink) => readFull(fields, give, sink) };
}

function readFull(fields: readonly string[], give: Give, sink: RowSink): Problem | null {
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
  return give(event, sink);
}
