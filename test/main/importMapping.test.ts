import { parseMapping } from '../../src/main/commands/import/mappingFile';

const parse = (mapping: unknown) => parseMapping(JSON.stringify(mapping), 'm.json');
const event = { userId: 'user', productId: 'item', type: { constant: 'VIEW' } };

describe('a mapping file', () => {
  it('accepts a column as a plain name', () => {
    expect(parse({ format: 'csv', event })).toMatchObject({
      event: { userId: { column: 'user' }, type: { constant: 'VIEW' } },
    });
  });

  it.each([
    ['another format', { format: 'xml', event }, 'format'],
    ['no rows', { format: 'csv' }, 'at least one of event, product and user'],
    ['an unknown field', { format: 'csv', event: { ...event, colour: 'c' } }, 'only the fields id, userId'],
    ['an unknown setting', { format: 'csv', event, skip: 1 }, 'skip'],
    [
      'a column and a constant',
      { format: 'csv', event: { ...event, id: { column: 'a', constant: 1 } } },
      'not both',
    ],
    [
      'an unknown time',
      { format: 'csv', event: { ...event, occurredAt: { column: 'a', time: 'rfc822' } } },
      'event.occurredAt',
    ],
    [
      'an attribute of an event',
      { format: 'csv', event: { ...event, 'attributes.x': 'c' } },
      'only the fields',
    ],
  ])('reports the problem of %s', (_case, mapping, message) => {
    expect(() => parse(mapping)).toThrow(message);
  });

  it.each([
    ['an unknown constant type', { ...event, type: { constant: 'PURCHASED' } }, 'not "PURCHASED"'],
    [
      'an unknown type in the map',
      { ...event, type: { column: 'w', map: { a: 'VIEW', b: 'Order' } } },
      'not "Order"',
    ],
    [
      'a type in small letters',
      { ...event, type: { column: 'w', map: { view: 'view' } } },
      'one of VIEW, CLICK',
    ],
    ['no type', { userId: 'user', productId: 'item' }, 'the field type, without which'],
    ['no user', { type: { constant: 'VIEW' } }, 'the field userId, without which'],
    [
      'a time pattern without a year',
      { ...event, occurredAt: { column: 't', time: 'dd/MM' } },
      'dd/MM/yyyy HH:mm',
    ],
  ])('refuses %s', (_case, rules, message) => {
    expect(() => parse({ format: 'csv', event: rules })).toThrow(message);
  });

  it('refuses a product without an id and words that isActive does not take', () => {
    const isActive = { column: 'on', map: { yes: 'true', no: 'nein' } };
    expect(() => parse({ format: 'csv', product: { title: 't' } })).toThrow('the field id');
    expect(() => parse({ format: 'csv', product: { id: 'i', isActive } })).toThrow('true, false, not "nein"');
  });

  it('takes words that name members of every object', () => {
    const map = { constructor: 'VIEW', toString: 'CLICK' };
    const mapping = parse({ format: 'csv', event: { ...event, type: { column: 'constructor', map } } });
    expect(mapping.event).toMatchObject({ type: { column: 'constructor', map } });
    expect(() => parse({ format: 'csv', event: { ...event, constructor: 'c' } })).toThrow('not constructor');
    const text = JSON.stringify({ format: 'csv', event }).replace('{"userId"', '{"__proto__":"c","userId"');
    expect(text).toContain('__proto__');
    expect(() => parseMapping(text, 'm.json')).toThrow('the name "__proto__", which no field has');
  });

  it.each(['{"format":"csv","format":"tsv"}', '{"format":"csv","event":{"userId":"a","userId":"b"}}'])(
    'refuses the repeated name of %s',
    text => {
      expect(() => parseMapping(text, 'm.json')).toThrow('twice in one object');
    },
  );

  it('refuses names of columns that repeat', () => {
    expect(() => parse({ format: 'csv', columns: ['a', 'b', 'a'], event })).toThrow(
      'columns: each name once',
    );
  });

  it('reports a file that is not JSON', () => {
    expect(() => parseMapping('{', 'm.json')).toThrow('it is not JSON');
  });
});
