import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EventValue,
  type InteractionTypeSpec,
  interactionCodes,
  interactionTypeOf,
  interactionTypes,
  interactionTypeTable,
} from '../../src/domain/interaction';

const values: Readonly<Record<EventValue, string>> = {
  none: 'none',
  units: 'units',
  stars: 'stars, required',
  optionalStars: 'stars, optional',
};

describe('the codes of event types', () => {
  it('are the ones that snapshots and artifacts were written with', () => {
    // Add a new type at the end. A change or removal of any other line gives stored rows another meaning.
    expect(interactionCodes).toEqual({
      VIEW: 0,
      CLICK: 1,
      SEARCH: 2,
      CART_ADD: 3,
      CART_REMOVE: 4,
      WISHLIST: 5,
      PURCHASE: 6,
      RETURN: 7,
      RATING: 8,
      SHARE: 9,
      DISLIKE: 10,
      REVIEW: 11,
    });
  });

  it('are distinct, fit a byte, and lead back to their types', () => {
    expect(new Set(Object.values(interactionCodes)).size).toBe(interactionTypes.length);
    for (const type of interactionTypes) {
      expect(interactionCodes[type]).toBeLessThanOrEqual(254);
      expect(interactionTypeOf(interactionCodes[type])).toBe(type);
    }
    expect(interactionTypeOf(255)).toBeUndefined();
  });
});

it('is the table of event types in docs/import.md', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'import.md'), 'utf8');
  const [, table] = text.split('| type | meaning | `productId` | `value` | `queryText` | weight |\n');
  const documented = table.slice(0, table.indexOf('\n\n')).split('\n').slice(1);
  const rowOf = (type: string, spec: InteractionTypeSpec): string => {
    const product = spec.needsProduct ? 'required' : 'optional';
    const length = `up to ${spec.maxTextLength.toLocaleString('en')} characters`;
    const words = spec.needsText ? `required, ${length}` : length;
    return `| ${type} | ${spec.description} | ${product} | ${values[spec.value]} | ${words} | ${spec.weight} |`;
  };
  expect(documented).toEqual(interactionTypes.map(type => rowOf(type, interactionTypeTable[type])));
});
