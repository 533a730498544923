import { type ShopId, toEventId, toListId, toProductId, toUserId } from '../domain/ids';
import {
  type Attribution,
  type Interaction,
  type InteractionType,
  interactionTypes,
} from '../domain/interaction';
import { Fields } from './fields';
import type { Checked } from './rejections';
import { readTime } from './time';

/** What a check needs to know beside the value. */
export interface CheckContext {
  readonly shopId: ShopId;
  /** The server's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** Position in the batch, for the rejection; 0 by default. */
  readonly index?: number;
}

/** Longest search text, in UTF-16 code units. */
const maxQueryLength = 1_000;
/** Most stars of a RATING; the scale begins at 0. */
const maxRating = 5;
const units = { min: 1e-6, max: 1e9 };
const stars = { min: 0, max: maxRating };

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
/** Types that count units; without a value they count one. */
const countable: ReadonlySet<InteractionType> = new Set(['CART_ADD', 'CART_REMOVE', 'PURCHASE', 'RETURN']);

/**
 * Checks one event: `{id, userId, productId?, type, value?, priceMinor?, queryText?, sessionId?, occurredAt?, attribution?:
 * {listId, rank?}}`. What comes out can always be kept by PostgreSQL. Never throws on any value that JSON can say.
 *
 * - `value`: units (above 0 to 1e9, default 1) for carts, purchases and returns; 0-5 stars for RATING; absent otherwise.
 * - `occurredAt`: ISO 8601 with zone from 1990 on; absent means now; up to five minutes ahead counts as now.
 */
export function checkEvent(raw: unknown, context: CheckContext): Checked<Interaction> {
  const fields = new Fields(raw);
  fields.onlyKnown(known);
  const id = fields.id('id');
  const userId = fields.id('userId');
  const type = fields.choice('type', interactionTypes, 'TYPE_UNKNOWN') ?? 'VIEW';
  const productId = fields.optionalId('productId');
  const queryText = fields.text('queryText', maxQueryLength);
  if (type === 'SEARCH' && queryText === null) {
    fields.fail('QUERY_TEXT_MISSING', 'queryText', 'the words searched for', 'Send queryText with a SEARCH.');
  }
  if (type !== 'SEARCH' && productId === null) {
    fields.fail('PRODUCT_MISSING', 'productId', `a product with ${type}`, 'Send the id of the product.');
  }
  const row: Interaction = {
    shopId: context.shopId,
    id: toEventId(id),
    userId: toUserId(userId),
    productId: productId === null ? null : toProductId(productId),
    type,
    value: readValue(fields, type),
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

function readValue(fields: Fields, type: InteractionType): number | null {
  if (countable.has(type)) return fields.number('value', units) ?? 1;
  const value = fields.value('value');
  const isAbsent = value === undefined || value === null;
  if (type === 'RATING') {
    return isAbsent
      ? fields.fail('VALUE_MISSING', 'value', `stars from 0 to ${maxRating}`, 'Send value with a RATING.')
      : fields.number('value', stars);
  }
  return isAbsent ? null : fields.fail('VALUE_UNEXPECTED', 'value', `no value with ${type}`, 'Leave it out.');
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
