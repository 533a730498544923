import {
  coerceInputValue,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLNonNull,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { rowIdFieldOf } from '../../../src/graphql/batch/batchRow';
import { problemOfRow } from '../../../src/graphql/batch/rowProblem';
import { buildGatewaySchema } from '../../../src/graphql/schema';
import { rejectionCatalogue } from '../../../src/intake/rejections';

const schema = buildGatewaySchema();
const inputTypes = Object.values(schema.getTypeMap()).filter(isInputObjectType);
const rowTypes = inputTypes.filter(type => rowIdFieldOf(type) !== null);

test('the rows of every mutation with a result per row are marked, with a field of theirs as id', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const marked = mutations.flatMap(({ type, args }) => {
    const payload = getNamedType(type);
    if (!isObjectType(payload) || payload.getFields()['results'] === undefined) return [];
    const input = getNamedType(args[0].type);
    if (!isInputObjectType(input)) return [];
    const named = Object.values(input.getFields()).map(field => getNamedType(field.type));
    return named.filter(isInputObjectType).map(({ name }) => name);
  });
  expect(marked.sort()).toEqual(rowTypes.map(({ name }) => name).sort());
  for (const type of rowTypes) expect(type.getFields()[rowIdFieldOf(type) ?? '']).toBeDefined();
});

/** A valid row of each type, with every input object that it may hold. */
const validRows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  EventInput: { eventId: 'e', type: 'CLICK', attribution: { listId: 'l', rank: 1 } },
  ProductInput: { productId: '茶', translations: [{ locale: 'de', title: 'Tee' }] },
  UserInput: { userId: 'u', consents: [{ purpose: 'ANALYTICS', granted: true, source: 'form' }] },
};

const wrongValues: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53 - 1, '', 'x', '9007199254740993', '2026-02-31T00:00:00Z'],
  ...[[], {}, [null], [[]], ['x'], [7], { x: 1 }, [{ x: 1 }], { toString: 1 }, { constructor: [] }],
];

/** Returns rows that differ from a valid one in one value, at every place. */
function mutationsOf(type: GraphQLInputObjectType, valid: unknown): readonly unknown[] {
  const row = { ...(valid as Readonly<Record<string, unknown>>) };
  return Object.values(type.getFields()).flatMap(field => {
    const named = getNamedType(field.type);
    const given = row[field.name];
    const replaced = [undefined, ...wrongValues].map(value => ({ ...row, [field.name]: value }));
    if (!isInputObjectType(named) || given === undefined) return replaced;
    const inner = Array.isArray(given) ? mutationsOf(named, given[0]) : mutationsOf(named, given);
    return [...replaced, ...inner.flatMap(value => [[value], value])].map((value, index) =>
      index < replaced.length ? value : { ...row, [field.name]: value },
    );
  });
}

const isCoercible = (row: unknown, type: GraphQLInputType): boolean => {
  let isFine = true;
  coerceInputValue(row, type, () => {
    isFine = false;
  });
  return isFine;
};

describe.each(rowTypes)('problemOfRow of %s', type => {
  const rowType = new GraphQLNonNull(type);
  const rows = [...wrongValues, ...mutationsOf(type, validRows[type.name])];

  it('accepts a valid row', () => {
    expect(problemOfRow(validRows[type.name], rowType, 3)).toBeNull();
  });

  it('finds exactly the rows that graphql-js cannot coerce', () => {
    const different = rows.filter(
      row => isCoercible(row, rowType) !== (problemOfRow(row, rowType, 3) === null),
    );
    expect(different).toEqual([]);
    expect(rows.filter(row => !isCoercible(row, rowType)).length).toBeGreaterThan(30);
  });

  it('says what was expected, what was received and what to do, and repeats no text of the client', () => {
    for (const row of rows) {
      const found = problemOfRow(row, rowType, 3);
      if (found === null) continue;
      expect(Object.keys(rejectionCatalogue)).toContain(found.code);
      expect(found.message).toMatch(/^Expected [^;]+; got [^;]+\. [A-Z].+\.$/);
      expect(found.message).not.toMatch(/9007199254740993|2026-02-31|did you mean/i);
    }
  });
});
