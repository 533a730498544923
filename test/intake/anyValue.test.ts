import fc from 'fast-check';
import { toShopId } from '../../src/domain/ids';
import { interactionTypes } from '../../src/domain/interaction';
import { checkEvent } from '../../src/intake/event';
import { checkProduct } from '../../src/intake/product';
import { rejectionCatalogue } from '../../src/intake/rejections';
import { earliestTime } from '../../src/intake/time';
import { checkUser } from '../../src/intake/user';

const now = Date.UTC(2026, 6, 1, 12);
const context = { shopId: toShopId('s'), now };
const view = { id: 'e1', userId: 'u1', productId: 'p1', type: 'VIEW', occurredAt: '2026-07-01T10:00:00Z' };

/** Almost valid values, so that the search passes the first check. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '\ud800',
    'a\0',
    ' x',
    '\ufffd',
    'x'.repeat(257),
    '2026-07-01T10:00:00+14:00',
    '0000-01-01T00:00:00Z',
  ),
);
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 5e-324, 2 ** 31, 1e308));
const anyValue = fc.oneof(anyText, anyNumber, fc.jsonValue(), fc.constantFrom(null, true, [], {}));
const rowLike = (names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.jsonValue({ maxDepth: 6 }),
    fc.record(
      Object.fromEntries(names.map(name => [name, fc.oneof(fc.string({ minLength: 1 }), anyValue)])),
      {
        requiredKeys: [],
      },
    ),
  );

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
};
const numbersOf = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
};

/** Whether PostgreSQL can store a value in a text, jsonb or float8 column. */
function expectStorable(row: object): void {
  for (const text of textsOf(row)) {
    expect(text).not.toContain('\0');
    expect(encodeURIComponent(text)).toBeDefined();
  }
  for (const number of numbersOf(row)) expect(Number.isFinite(number)).toBe(true);
}

const settings = { numRuns: 1_000, seed: 20260701 };
const isNamed = (code: string): boolean => Object.hasOwn(rejectionCatalogue, code);

describe('any JSON value whatsoever', () => {
  it('as an event is kept whole or rejected by name', () => {
    const likely = rowLike([
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
    const typed = fc
      .tuple(likely, fc.constantFrom(...interactionTypes))
      .map(([raw, type]) => (typeof raw === 'object' && raw !== null ? { ...view, ...raw, type } : raw));
    fc.assert(
      fc.property(fc.oneof(likely, typed), raw => {
        const checked = checkEvent(raw, context);
        if (!checked.ok) return isNamed(checked.rejection.code);
        expectStorable(checked.row);
        return checked.row.occurredAt >= earliestTime && checked.row.occurredAt <= now;
      }),
      settings,
    );
  });
});

describe('any JSON value whatsoever, again,', () => {
  it('as a product is kept whole or rejected by name', () => {
    const names = [
      'title',
      'description',
      'locale',
      'translations',
      'categoryPath',
      'tags',
      'priceMinor',
      'currency',
      'stock',
      'imageUrl',
      'attributes',
      'isActive',
    ];
    const likely = rowLike(names).map(raw =>
      typeof raw === 'object' && raw !== null ? { id: 'p', ...raw } : raw,
    );
    fc.assert(
      fc.property(likely, raw => {
        const checked = checkProduct(raw, context);
        if (!checked.ok) return isNamed(checked.rejection.code);
        expectStorable(checked.row);
        return (checked.row.priceMinor ?? 0) < 2 ** 31;
      }),
      settings,
    );
  });

  it('as a user is kept whole or rejected by name', () => {
    const likely = rowLike(['id', 'locale', 'attributes', 'consents']).map(raw =>
      typeof raw === 'object' && raw !== null ? { id: 'u', ...raw } : raw,
    );
    fc.assert(
      fc.property(likely, raw => {
        const checked = checkUser(raw, context);
        if (!checked.ok) return isNamed(checked.rejection.code);
        expectStorable(checked.row);
        return true;
      }),
      settings,
    );
  });
});
