import { type Mapping, mappedPreset, missingColumns } from '../../src/intake/mapping';
import { readPreset } from '../support/readPreset';

const mapping: Mapping = {
  format: 'csv',
  delimiter: ';',
  event: {
    userId: { column: 'customer' },
    productId: { column: 'sku' },
    type: { column: 'what', map: { seen: 'VIEW', bought: 'PURCHASE' } },
    value: { column: 'count' },
    priceMinor: { column: 'price', scale: 100 },
    occurredAt: { column: 'at', time: 'unix-seconds' },
    listId: { column: 'list' },
    rank: { column: 'rank' },
  },
  product: {
    id: { column: 'sku' },
    categoryPath: { column: 'path', split: '>' },
    currency: { constant: 'EUR' },
    'attributes.colour': { column: 'colour' },
    isActive: { column: 'on' },
  },
};
const header = 'customer;sku;what;count;price;at;list;rank;path;colour;on';
const read = (...lines: readonly string[]) =>
  readPreset(mappedPreset(mapping), { 'x.csv': [header, ...lines].join('\n') });

describe('a mapping', () => {
  it('converts one line to an event and a product', () => {
    const rows = read('u1;"a;1";bought;2;19.99;1700000000;L1;3;Home > Mugs;red;true');
    expect(rows.problems).toEqual([]);
    expect(rows.events).toMatchObject([
      {
        id: `${'d'.repeat(32)}:2`,
        userId: 'u1',
        productId: 'a;1',
        type: 'PURCHASE',
        value: 2,
        priceMinor: 1999,
        occurredAt: 1700000000_000,
        attribution: { listId: 'L1', rank: 3 },
      },
    ]);
    expect(rows.products).toEqual([
      {
        id: 'a;1',
        categoryPath: ['Home', 'Mugs'],
        currency: 'EUR',
        attributes: { colour: 'red' },
        isActive: true,
      },
    ]);
  });

  it('treats empty columns as absent', () => {
    const { events, products } = read('u1;a;seen;;;1700000000;;;;;');
    expect(events).toMatchObject([{ type: 'VIEW', value: null, priceMinor: null, attribution: null }]);
    expect(products).toEqual([{ id: 'a', currency: 'EUR' }]);
  });

  it.each([
    ['u1;a;stolen;;;1700000000;;;;;', 'TYPE_UNMAPPED'],
    ['u1;a;bought;two;;1700000000;;;;;', 'NUMBER_INVALID'],
    ['u1;a;bought;1;1,5;1700000000;;;;;', 'NUMBER_INVALID'],
    ['u1;a;seen;;;2023-11-14;;;;;', 'TIME_INVALID'],
    ['u1;a;seen;;;1;;;;;', 'TIME_TOO_OLD'],
    [';a;seen;;;1700000000;;;;;', 'ID_MISSING'],
    ['u1;a;seen;;;1700000000;;;;;perhaps', 'BOOLEAN_EXPECTED'],
  ])('reports the problem of %s, and returns no row for the line', (line, code) => {
    const rows = read(line);
    expect(rows.problems).toEqual([[2, code]]);
    expect([...rows.events, ...rows.products]).toEqual([]);
  });

  it('reads JSONL by paths, with numbers as ids', () => {
    const json: Mapping = {
      format: 'jsonl',
      event: {
        id: { column: 'id' },
        userId: { column: 'user.id' },
        productId: { column: 'item' },
        type: { constant: 'CLICK' },
        occurredAt: { column: 'ts', time: 'unix-milliseconds' },
      },
    };
    const line = JSON.stringify({ id: 7, user: { id: 12 }, item: 'a', ts: 1700000000123 });
    const { events } = readPreset(mappedPreset(json), { 'x.jsonl': line });
    expect(events).toMatchObject([{ id: '7', userId: '12', type: 'CLICK', occurredAt: 1700000000123 }]);
  });

  it('reads a file without header by the given column names', () => {
    const bare: Mapping = {
      format: 'tsv',
      columns: ['user', 'item'],
      event: { userId: { column: 'user' }, productId: { column: 'item' }, type: { constant: 'VIEW' } },
    };
    expect(readPreset(mappedPreset(bare), { x: 'u"1\ti1\n' }).events).toMatchObject([{ userId: 'u"1' }]);
  });

  it('reports the columns that are missing in a header', () => {
    expect(missingColumns(mapping, 'customer;sku;what;count;at;list;rank;path;on')).toEqual([
      'price',
      'colour',
    ]);
    expect(missingColumns(mapping, header)).toEqual([]);
  });
});
