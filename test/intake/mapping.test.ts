import { convert } from '../../src/intake/conversion';
import { headerProblem, type Mapping, mappedPreset } from '../../src/intake/mapping';
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

  describe('and a header', () => {
    const problemWith = (head: string, other: Partial<Mapping> = {}) => {
      const lines = head.split('\n').map((text, index) => ({ number: index + 1, text, fault: null }));
      const found = headerProblem(
        { ...mapping, ...other },
        { name: 'x', firstLine: lines[0].text, lines, digest: '' },
      );
      return found && `${found.expected}; ${found.got}`;
    };

    it.each([
      ['the columns of the mapping', header, null],
      ['more columns, also two without a name', `${header};;`, null],
      ['two columns of a name that is not mapped', `${header};x;x`, null],
      ['quoted names', header.replaceAll(/[^;]+/g, '"$&"'), null],
      ['spaces around the names', header.replaceAll(';', ' ; '), null],
      [
        'missing columns',
        'customer;sku;what;count;at;list;rank;path;on',
        'the columns price, colour; "customer", "sku", "what", "count", "at", "list", "rank", "path", "on"',
      ],
      ['a repeated column', `${header};sku`, 'one column sku; 2 columns of that name'],
      ['a repeated column in quotes', `"sku";${header}; sku`, 'one column sku; 3 columns of that name'],
      ['an open quote', `"${header}`, 'a header of text, quoted as in RFC 4180; one that cannot be read'],
    ])('with %s', (_case, head, problem) => {
      expect(problemWith(head)).toBe(problem);
    });

    it('finds a name with the delimiter or a line end in it', () => {
      const event = {
        ...mapping.event,
        value: { column: 'count; all' },
        priceMinor: { column: 'price\nnet' },
      };
      expect(
        problemWith(header.replace('count', '"count; all"').replace('price', '"price\nnet"'), { event }),
      ).toBeNull();
    });

    it('names the delimiter as the remedy when there is one column', () => {
      const lines = [{ number: 1, text: header.replaceAll(';', '\t'), fault: null }];
      const found = headerProblem(mapping, { name: 'x', firstLine: lines[0].text, lines, digest: '' });
      expect(found?.remedy).toBe('Set the delimiter in the mapping.');
    });
  });

  it('skips a header that is repeated, as in files that were joined', () => {
    const row = 'u1;a;seen;;;1700000000;;;;;';
    const rows = read(row, header, row);
    expect(rows.problems).toEqual([[3, 'HEADER_REPEATED']]);
    expect(rows.events).toHaveLength(2);
  });

  it('reads rows after a header over two lines', () => {
    const preset = mappedPreset({
      format: 'csv',
      event: { userId: { column: 'the\nuser' }, productId: { column: 'p' }, type: { constant: 'VIEW' } },
    });
    const rows = readPreset(preset, { 'x.csv': '"the\nuser",p\nu1,p1\n' });
    expect(rows.problems).toEqual([]);
    expect(rows.events).toMatchObject([{ userId: 'u1', productId: 'p1' }]);
  });

  it('keeps every digit of ids and attributes in JSON, and refuses ids that were rounded', () => {
    const preset = mappedPreset({
      format: 'jsonl',
      user: {
        id: { column: 'u' },
        'attributes.ean': { column: 'ean' },
        'attributes.constructor': { column: 'ean' },
      },
    });
    const rules = { id: { column: 'u' }, 'attributes.ean': { column: 'ean' } };
    expect(convert('id', rules.id, 1_610_521_604_143_693_812n)).toEqual({ value: '1610521604143693812' });
    expect(convert('userId', rules.id, 42)).toEqual({ value: '42' });
    expect(convert('attributes.ean', rules.id, 7_707_199_254_740_993_001n)).toEqual({
      value: '7707199254740993001',
    });
    expect(convert('userId', rules.id, 1.5)).toMatchObject({ code: 'ID_INEXACT' });
    expect(convert('userId', rules.id, 1.6105e18)).toMatchObject({ code: 'ID_INEXACT' });
    for (const text of ['1.6105E+18', '8,9E+12', '1E+10'])
      expect(convert('sessionId', rules.id, text)).toMatchObject({ code: 'ID_INEXACT' });
    for (const text of ['1E10', '5E3', '12.5E+18', '1.6105e+18', 'E+18'])
      expect(convert('sessionId', rules.id, text)).toEqual({ value: text });
    const rows = readPreset(preset, { 'x.jsonl': '{"u":"a","ean":12}' });
    expect(rows.users[0].attributes).toEqual({ ean: 12, constructor: 12 });
  });
});
