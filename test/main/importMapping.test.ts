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

  it('reports a file that is not JSON', () => {
    expect(() => parseMapping('{', 'm.json')).toThrow('it is not JSON');
  });
});
