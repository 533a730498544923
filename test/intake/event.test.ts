import { toShopId } from '../../src/domain/ids';
import {
  type InteractionType,
  type InteractionTypeSpec,
  interactionTypes,
  interactionTypeTable,
} from '../../src/domain/interaction';
import { checkEvent } from '../../src/intake/event';
import { maxAheadMs } from '../../src/intake/time';

const now = Date.UTC(2026, 6, 1, 12);
const context = { shopId: toShopId('s'), now, index: 7 };
const view = { id: 'e1', userId: 'u1', productId: 'p1', type: 'VIEW', occurredAt: '2026-07-01T10:00:00Z' };

function codeOf(raw: unknown): string | null {
  const checked = checkEvent(raw, context);
  return checked.ok ? null : checked.rejection.code;
}

describe('checkEvent', () => {
  it('keeps a view unchanged, with the time of its receipt', () => {
    expect(checkEvent(view, context)).toEqual({
      ok: true,
      row: {
        shopId: 's',
        id: 'e1',
        userId: 'u1',
        productId: 'p1',
        type: 'VIEW',
        value: null,
        priceMinor: null,
        queryText: null,
        sessionId: null,
        occurredAt: Date.UTC(2026, 6, 1, 10),
        receivedAt: now,
        attribution: null,
      },
    });
  });

  it.each([
    ['not an object', null, 'NOT_AN_OBJECT'],
    ['a list', [view], 'NOT_AN_OBJECT'],
    ['a misspelt field', { ...view, userld: 'u' }, 'FIELD_UNKNOWN'],
    ['no id', { ...view, id: undefined }, 'ID_MISSING'],
    ['an empty id', { ...view, id: '' }, 'ID_MISSING'],
    ['an id that is a number', { ...view, id: 12 }, 'TEXT_EXPECTED'],
    ['an id of 257', { ...view, id: 'x'.repeat(257) }, 'ID_TOO_LONG'],
    ['an id with a space behind', { ...view, userId: 'u1 ' }, 'ID_NOT_TRIMMED'],
    ['a tab in an id', { ...view, id: 'a\tb' }, 'ID_CONTROL_CHARACTER'],
    ['a line end in an id', { ...view, productId: 'a\nb' }, 'ID_CONTROL_CHARACTER'],
    ['a C1 control in an id', { ...view, sessionId: 'a\u0085b' }, 'ID_CONTROL_CHARACTER'],
    ['an id in form D', { ...view, productId: 'cafe\u0301' }, 'ID_NOT_NORMALIZED'],
    ['an id with the sign of ångström', { ...view, userId: '\u212b' }, 'ID_NOT_NORMALIZED'],
    ['a Korean id in form D', { ...view, userId: '각'.normalize('NFD') }, 'ID_NOT_NORMALIZED'],
    ['a whole number over 2^53 as id', { ...view, id: 9_007_199_254_740_993n }, 'TEXT_EXPECTED'],
    [
      'a whole number over 2^53 as price',
      { ...view, priceMinor: 9_007_199_254_740_993n },
      'VALUE_NOT_A_NUMBER',
    ],
    ['NUL in an id', { ...view, id: 'a\0b' }, 'TEXT_NUL'],
    ['half a surrogate pair', { ...view, productId: 'a\ud800' }, 'TEXT_LONE_SURROGATE'],
    ['an unknown type', { ...view, type: 'view' }, 'TYPE_UNKNOWN'],
    ['no product', { ...view, productId: null }, 'PRODUCT_MISSING'],
    ['a search without words', { id: 'e', userId: 'u', type: 'SEARCH' }, 'QUERY_TEXT_MISSING'],
    ['a long search', { ...view, type: 'SEARCH', queryText: 'q'.repeat(1001) }, 'TEXT_TOO_LONG'],
    ['a number as text', { ...view, type: 'PURCHASE', value: '2' }, 'VALUE_NOT_A_NUMBER'],
    ['zero units', { ...view, type: 'PURCHASE', value: 0 }, 'VALUE_OUT_OF_RANGE'],
    ['a value on a view', { ...view, value: 1 }, 'VALUE_UNEXPECTED'],
    ['a rating without stars', { ...view, type: 'RATING' }, 'VALUE_MISSING'],
    ['six stars', { ...view, type: 'RATING', value: 6 }, 'VALUE_OUT_OF_RANGE'],
    ['infinite stars', { ...view, type: 'RATING', value: Number.POSITIVE_INFINITY }, 'VALUE_NOT_A_NUMBER'],
    ['half a penny', { ...view, priceMinor: 0.5 }, 'PRICE_INVALID'],
    ['a price beyond 32 bits', { ...view, priceMinor: 2 ** 31 }, 'PRICE_INVALID'],
    ['a time without zone', { ...view, occurredAt: '2026-07-01T10:00:00' }, 'TIME_INVALID'],
    ['the 30th of February', { ...view, occurredAt: '2026-02-30T10:00:00Z' }, 'TIME_INVALID'],
    ['a time as a number', { ...view, occurredAt: now }, 'TIME_INVALID'],
    ['the year 1970', { ...view, occurredAt: '1970-01-01T00:00:00Z' }, 'TIME_TOO_OLD'],
    ['the year 9999', { ...view, occurredAt: '9999-12-31T23:59:59Z' }, 'TIME_IN_FUTURE'],
    ['rank 0', { ...view, attribution: { listId: 'l', rank: 0 } }, 'VALUE_OUT_OF_RANGE'],
    ['an attribution without list', { ...view, attribution: { rank: 1 } }, 'ID_MISSING'],
  ])('reports the problem of %s', (_case, raw, code) => {
    expect(codeOf(raw)).toBe(code);
  });
});

/** The smallest valid event of a type, by its row in the table. */
function leastOf(type: InteractionType): Record<string, unknown> {
  const spec: InteractionTypeSpec = interactionTypeTable[type];
  return {
    ...{ id: 'e', userId: 'u', type },
    ...(spec.needsProduct && { productId: 'p' }),
    ...(spec.needsText && { queryText: 'words' }),
    ...(spec.value === 'stars' && { value: 4 }),
  };
}

describe.each(interactionTypes)('a %s', type => {
  const spec: InteractionTypeSpec = interactionTypeTable[type];
  const least = leastOf(type);

  it('is kept with the fields that its type requires', () => {
    expect(codeOf(least)).toBeNull();
  });

  it('is refused without a field that its type requires, and with one that it does not have', () => {
    if (spec.needsProduct) expect(codeOf({ ...least, productId: null })).toBe('PRODUCT_MISSING');
    if (spec.needsText) expect(codeOf({ ...least, queryText: '' })).toBe('QUERY_TEXT_MISSING');
    if (spec.value === 'stars') expect(codeOf({ ...least, value: null })).toBe('VALUE_MISSING');
    if (spec.value === 'none') expect(codeOf({ ...least, value: 1 })).toBe('VALUE_UNEXPECTED');
  });

  it('has a value of the kind and a text of the length that its type defines', () => {
    const codeOfValue = (value: unknown) => codeOf({ ...least, value });
    if (spec.value !== 'none')
      expect([codeOfValue(5), codeOfValue(-1)]).toEqual([null, 'VALUE_OUT_OF_RANGE']);
    if (spec.value === 'stars' || spec.value === 'optionalStars')
      expect(codeOfValue(6)).toBe('VALUE_OUT_OF_RANGE');
    const queryText = 'q'.repeat(spec.maxTextLength);
    expect(codeOf({ ...least, queryText })).toBeNull();
    expect(codeOf({ ...least, queryText: `${queryText}q` })).toBe('TEXT_TOO_LONG');
  });
});

describe('an event that is kept', () => {
  it.each(['CART_ADD', 'CART_REMOVE', 'PURCHASE', 'RETURN'])('counts one unit when %s names none', type => {
    const checked = checkEvent({ ...view, type }, context);
    expect(checked.ok && checked.row.value).toBe(1);
  });

  it('accepts a search without a product', () => {
    expect(codeOf({ id: 'e', userId: 'u', type: 'SEARCH', queryText: '红色 杯子' })).toBeNull();
  });

  it('gives an event of the near future the current time', () => {
    const ahead = new Date(now + maxAheadMs).toISOString();
    const checked = checkEvent({ ...view, occurredAt: ahead }, context);
    expect(checked.ok && checked.row.occurredAt).toBe(now);
    expect(codeOf({ ...view, occurredAt: new Date(now + maxAheadMs + 1).toISOString() })).toBe(
      'TIME_IN_FUTURE',
    );
  });

  it('reports what was expected and what was received, but never the text itself', () => {
    const checked = checkEvent({ ...view, userId: ' Jane Doe ' }, context);
    expect(checked).toMatchObject({ ok: false, rejection: { index: 7, field: 'userId' } });
    const message = checked.ok ? '' : checked.rejection.message;
    expect(message).toContain('got text of 10 characters');
    expect(message).not.toContain('Jane');
  });
});
