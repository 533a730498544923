import {
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  print,
  validate,
} from 'graphql';
import { withPresentTypes } from '../../../src/graphql/formerType/formerType';
import { buildGatewaySchema } from '../../../src/graphql/schema';

const schema = buildGatewaySchema();

const events = (fields: string) =>
  `eventsTrack(input: { userId: "u", events: [{ eventId: "e", type: PURCHASE, ${fields} }] }) { accepted }`;
const products = (fields: string) =>
  `productsUpsert(input: { products: [{ productId: "p", ${fields} }] }) { created }`;

const messagesOf = (text: string): readonly string[] => {
  const document = withPresentTypes(schema, parse(text));
  return validate(schema, document).map(({ message }) => message);
};

describe('a variable of a former type', () => {
  it.each([
    ['the time of an event', `mutation ($at: String) { ${events('occurredAt: $at')} }`],
    ['a required time', `mutation ($at: String!) { ${events('occurredAt: $at')} }`],
    ['the price of an event', `mutation ($p: Float) { ${events('priceMinor: $p')} }`],
    ['the price of a product', `mutation ($p: Float! = 5) { ${products('priceMinor: $p')} }`],
    [
      'several uses',
      `mutation ($p: Float, $at: String) { ${events('priceMinor: $p, occurredAt: $at')} ${products('priceMinor: $p')} }`,
    ],
    ['a use of its own type as well', `mutation ($p: Float) { ${events('priceMinor: $p, value: $p')} }`],
    [
      'a use in a fragment',
      `mutation ($at: String) { ...Track } fragment Track on Mutation { ${events('occurredAt: $at')} }`,
    ],
    [
      'two operations with different types',
      `mutation A ($at: String) { ${events('occurredAt: $at')} } mutation B ($at: DateTime) { ${events('occurredAt: $at')} }`,
    ],
  ])('is accepted: %s', (_what, text) => {
    expect(validate(schema, parse(text))).not.toEqual([]);
    expect(messagesOf(text)).toEqual([]);
  });

  it.each([
    [
      'the present type',
      `mutation ($at: DateTime, $p: SafeInt) { ${events('occurredAt: $at, priceMinor: $p')} }`,
    ],
    ['no variable', `mutation { ${events('priceMinor: 450.0')} }`],
  ])('changes nothing for %s', (_what, text) => {
    const document = parse(text);
    expect(withPresentTypes(schema, document)).toBe(document);
    expect(messagesOf(text)).toEqual([]);
  });

  it.each([
    ['another type', `mutation ($at: ID) { ${events('occurredAt: $at')} }`],
    ['a list', `mutation ($at: [String]) { ${events('occurredAt: $at')} }`],
    ['a wrong default', `mutation ($at: String = "noon") { ${events('occurredAt: $at')} }`],
    [
      'a field without a former type',
      'query ($p: Float) { products(filter: { minPriceMinor: $p }) { totalCount } }',
    ],
    ['an unused variable', `mutation ($at: String, $more: String) { ${events('occurredAt: $at')} }`],
  ])('is no excuse for %s', (_what, text) => {
    expect(messagesOf(text)).toHaveLength(1);
  });

  it('leaves the places of errors as they are', () => {
    const text = `mutation ($at: String) {\n ${events('occurredAt: $at')}\n nothing }`;
    const [error] = validate(schema, withPresentTypes(schema, parse(text)));
    expect(error.locations).toEqual([{ line: 3, column: 2 }]);
    expect(print(parse(text))).toContain('$at: String');
  });
});

function inputFieldsOf(of: GraphQLSchema): readonly (readonly [string, GraphQLInputField])[] {
  return Object.values(of.getTypeMap())
    .filter(isInputObjectType)
    .flatMap(type =>
      Object.values(type.getFields()).map(field => [`${type.name}.${field.name}`, field] as const),
    );
}

/** Names that mean one thing in an input and another in an output. */
const otherThings = new Set([
  'ConsentInput.source',
  // The number of a change of a campaign; elsewhere the version of a model.
  'CampaignUpdateInput.version',
  'CampaignStepInput.version',
]);

test('an input field has the scalar of the output fields of its name', () => {
  const scalars = new Map<string, Set<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      if (isLeafType(named)) scalars.set(field.name, (scalars.get(field.name) ?? new Set()).add(named.name));
    }
  }
  const different = inputFieldsOf(schema).filter(([coordinate, { name, type }]) => {
    const outputs = scalars.get(name);
    const isOne = outputs === undefined || [...outputs].join() === getNamedType(type).name;
    return !isOne && !otherThings.has(coordinate) && isLeafType(getNamedType(type));
  });
  expect(different.map(([coordinate]) => coordinate)).toEqual([]);
});

test('every amount and every time of an input has the scalar of amounts and times', () => {
  for (const [coordinate, { name, type }] of inputFieldsOf(schema)) {
    const scalar = getNamedType(type).name;
    if (/Minor$/.test(name)) expect([coordinate, scalar]).toEqual([coordinate, 'SafeInt']);
    if (/At$|^since$|^until$/.test(name)) expect([coordinate, scalar]).toEqual([coordinate, 'DateTime']);
  }
});

test('only nullable scalars have a former type', () => {
  const former = inputFieldsOf(schema).filter(([, { extensions }]) => extensions['formerType'] !== undefined);
  expect(former.map(([coordinate]) => coordinate).sort()).toEqual([
    'EventInput.occurredAt',
    'EventInput.priceMinor',
    'ProductInput.priceMinor',
  ]);
  for (const [, { type }] of former) {
    expect(isNonNullType(type)).toBe(false);
    expect(isLeafType(getNullableType(type))).toBe(true);
  }
});
