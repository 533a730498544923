import { type ShopId, toEventId, toListId, toProductId, toUserId } from '../domain/ids';
import {
  type Attribution,
  type Interaction,
  type InteractionType,
  type InteractionTypeSpec,
  interactionTypes,
  interactionTypeTable,
} from '../domain/interaction';
import { Fields } from './fields';
import type { Checked } from './rejections';
import { readTime } from './time';

/** Context of a check. */
export interface CheckContext {
  readonly shopId: ShopId;
  /** The server's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** Position in the batch, reported in the rejection; 0 by default. */
  readonly index?: number;
}

const units = { min: 1e-6, max: 1e9 };
const stars = { min: 0, max: 5 };

const known: ReadonlySet<string> = new Set([
  'id',
  'userId',
  'productId',
  'type',
  'value',
  'priceMinor',
  'queryText',
  'sessionId',
  'occurredAt',
  'attribution',
]);
const knownAttribution: ReadonlySet<string> = new Set(['listId', 'rank']);

/**
 * Checks one event: `{id, userId, productId?, type, value?, priceMinor?, queryText?, sessionId?, occurredAt?, attribution?:
 * {listId, rank?}}`. PostgreSQL can store every row that is returned. Never throws for a value that JSON can represent.
 *
 * - `productId`, `value` and `queryText` follow the type (domain `interactionTypeTable`): units are above 0 to 1e9, 1 by
 *   default; stars are 0-5.
 * - `occurredAt`: ISO 8601 with zone from 1990 on; absent means now; up to five minutes ahead counts as now.
 */
export function checkEvent(raw: unknown, context: CheckContext): Checked<Interaction> {
  const fields = new Fields(raw);
  fields.onlyKnown(known);
  const id = fields.id('id');
  const userId = fields.id('userId');
  const type = fields.choice('type', interactionTypes, 'TYPE_UNKNOWN') ?? 'VIEW';
  const spec: InteractionTypeSpec = interactionTypeTable[type];
  const productId = fields.optionalId('productId');
  const queryText = fields.text('queryText', spec.maxTextLength);
  if (spec.needsText && queryText === null) {
    fields.fail('QUERY_TEXT_MISSING', 'queryText', `a text with ${type}`, `Send queryText with a ${type}.`);
  }
  if (spec.needsProduct && productId === null) {
    fields.fail('PRODUCT_MISSING', 'productId', `a product with ${type}`, 'Send the id of the product.');
  }
  const row: Interaction = {
    shopId: context.shopId,
    id: toEventId(id),
    userId: toUserId(userId),
    productId: productId === null ? null : toProductId(productId),
    type,
    value: readValue(fields, type, spec),
    priceMinor: fields.price('priceMinor'),
    queryText,
    sessionId: fields.optionalId('sessionId'),
    occurredAt: readTime(fields, 'occurredAt', context.now),
    receivedAt: context.now,
    attribution: readAttribution(fields),
  };
  const found = fields.problem;
  return found ? { ok: false, rejection: { index: context.index ?? 0, ...found } } : { ok: true, row };
}

function readValue(
  fields: Fields,
  type: InteractionType,
  { value: kind }: InteractionTypeSpec,
): number | null {
  switch (kind) {
    case 'units':
      return fields.number('value', units) ?? 1;
    case 'stars': {
      const remedy = `Send value with a ${type}.`;
      return isAbsent(fields)
        ? fields.fail('VALUE_MISSING', 'value', `stars from ${stars.min} to ${stars.max}`, remedy)
        : fields.number('value', stars);
    }
    case 'optionalStars':
      return fields.number('value', stars);
    case 'none':
      return isAbsent(fields)
        ? null
        : fields.fail('VALUE_UNEXPECTED', 'value', `no value with ${type}`, 'Leave it out.');
  }
}

/** Returns whether the event has no value. */
function isAbsent(fields: Fields): boolean {
  const value = fields.value('value');
  return value === undefined || value === null;
}

function readAttribution(fields: Fields): Attribution | null {
  const raw = fields.value('attribution');
  if (raw === undefined || raw === null) return null;
  const inner = new Fields(raw, 'attribution');
  inner.onlyKnown(knownAttribution);
  const listId = toListId(inner.id('listId'));
  const rank = inner.number('rank', { min: 1, max: 10_000, whole: true });
  fields.adopt(inner.problem);
  return { listId, rank };
}
