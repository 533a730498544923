import type { ProductUse } from '../../domain/audience';
import type { AudienceRequest, StoredFilter } from '../ports/audience';

/** Collects the values of a statement; returns the place of each. */
export interface StatementValues {
  readonly values: unknown[];
  place(value: unknown, type: string): string;
}

/** @param first - values whose places the statement knows: $1 is the shop */
export function statementValues(first: readonly unknown[]): StatementValues {
  const values = [...first];
  return {
    values,
    place(value, type) {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}

const dayMs = 86_400_000;

/** SQL of the events of one type of the shopper `person`, within `days` before now; null: of any age. */
function eventsSql(
  type: 'PURCHASE' | 'VIEW',
  days: number | null,
  { now }: AudienceRequest,
  given: StatementValues,
): string {
  const until = given.place(now, 'float8');
  const since = days === null ? null : given.place(now - days * dayMs, 'float8');
  const after = since === null ? '' : ` AND event."occurredAt" > to_timestamp(${since} / 1000)`;
  return `event."shopId" = $1 AND event."userId" = person.id AND event.type = '${type}'
    AND event."occurredAt" <= to_timestamp(${until} / 1000)${after}`;
}

function productUseSql(
  type: 'PURCHASE' | 'VIEW',
  { productIds, categories, days }: ProductUse,
  request: AudienceRequest,
  given: StatementValues,
): string {
  const events = eventsSql(type, days, request, given);
  const isProduct = `event."productId" = ANY(${given.place(productIds, 'text[]')})`;
  const paths = `jsonb_array_elements(${given.place(JSON.stringify(categories), 'jsonb')}) AS wanted(path)`;
  const isBelow = `EXISTS (SELECT FROM "Product" AS product, ${paths} WHERE product."shopId" = $1
    AND product.id = event."productId" AND to_jsonb(product."categoryPath"[1:jsonb_array_length(wanted.path)]) = wanted.path)`;
  return `EXISTS (SELECT FROM "Interaction" AS event WHERE ${events} AND (${isProduct} OR ${isBelow}))`;
}

function leafSql(filter: StoredFilter, request: AudienceRequest, given: StatementValues): string {
  if ('interestTags' in filter) {
    const { tagIds, minWeight } = filter.interestTags;
    return `(SELECT sum(weight) FROM "UserInterest" AS interest WHERE interest."shopId" = $1
      AND interest."userId" = person.id AND interest."tagId" = ANY(${given.place(tagIds, 'text[]')}))
      >= ${given.place(minWeight, 'float8')}`;
  }
  if ('bought' in filter) return productUseSql('PURCHASE', filter.bought, request, given);
  if ('viewed' in filter) return productUseSql('VIEW', filter.viewed, request, given);
  if ('orders' in filter) {
    const { atLeast, days } = filter.orders;
    const events = eventsSql('PURCHASE', days, request, given);
    return `(SELECT count(DISTINCT event."occurredAt") FROM "Interaction" AS event WHERE ${events})
      >= ${given.place(atLeast, 'int')}`;
  }
  if ('attribute' in filter) {
    const { name, equals } = filter.attribute;
    // A list contains its entries, and a text or number itself.
    return `person.attributes -> ${given.place(name, 'text')} @> ${given.place(JSON.stringify(equals), 'jsonb')}`;
  }
  if ('users' in filter) return `person.id = ANY(${given.place(filter.users, 'text[]')})`;
  return 'false';
}

function lastOrderSql(
  {
    olderThanDays,
    newerThanDays,
  }: { readonly olderThanDays: number | null; readonly newerThanDays: number | null },
  request: AudienceRequest,
  given: StatementValues,
): string {
  const events = eventsSql('PURCHASE', null, request, given);
  const bound = (days: number): string =>
    `to_timestamp(${given.place(request.now - days * dayMs, 'float8')} / 1000)`;
  const conditions = [
    ...(olderThanDays === null ? [] : [`max(event."occurredAt") <= ${bound(olderThanDays)}`]),
    ...(newerThanDays === null ? [] : [`max(event."occurredAt") > ${bound(newerThanDays)}`]),
  ];
  return `(SELECT ${conditions.join(' AND ') || 'false'} FROM "Interaction" AS event WHERE ${events})`;
}

/** Returns a filter as an SQL condition on the shopper `person`; never NULL. */
export function filterSql(filter: StoredFilter, request: AudienceRequest, given: StatementValues): string {
  const inner = (parts: readonly StoredFilter[], word: string): string =>
    `(${parts.map(part => filterSql(part, request, given)).join(` ${word} `)})`;
  if ('all' in filter) return inner(filter.all, 'AND');
  if ('any' in filter) return inner(filter.any, 'OR');
  if ('not' in filter) return `NOT ${filterSql(filter.not, request, given)}`;
  if ('lastOrder' in filter) return `coalesce(${lastOrderSql(filter.lastOrder, request, given)}, false)`;
  return `coalesce(${leafSql(filter, request, given)}, false)`;
}
