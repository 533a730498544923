import { getOperationAST, isObjectType, parse, validate } from 'graphql';
import { compileCost } from '../../../src/graphql/limits/cost';
import { costWeightOf } from '../../../src/graphql/limits/costWeight';
import { createShapeMeter, shapeRule } from '../../../src/graphql/limits/shape';
import { buildGatewaySchema } from '../../../src/graphql/schema';

const schema = buildGatewaySchema();

function costOf(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  return operation === null || operation === undefined
    ? Number.NaN
    : compileCost(schema, document, operation)(variables);
}

describe('the cost of an operation', () => {
  it.each<[string, number, Record<string, unknown>?]>([
    ['{ __typename }', 0],
    ['{ shop { name currency } }', 1],
    // 1 connection + 20 rows (the default) with one price each
    ['{ products { nodes { title price { currency } } } }', 1 + 20 * 2],
    [
      '{ products(first: 3) { nodes { title } edges { node { title } } pageInfo { endCursor } } }',
      1 + 3 + 3 * 2 + 1,
    ],
    // viewer + ranking (25) of 12 products + connection + 12 rows with one product each
    [
      '{ viewer { recommendations(first: 12) { items { nodes { product { title } } } } } }',
      1 + 25 + 12 + 1 + 12 * 2,
    ],
    ['{ viewer { recommendations(first: 12) { items(first: 4) { nodes { rank } } } } }', 1 + 25 + 12 + 1 + 4],
    // The length counts although no item is selected.
    ['{ viewer { recommendations(first: 100) { listId } } }', 1 + 25 + 100],
    ['query ($n: Int!) { products(first: $n) { nodes { id } } }', 1 + 50, { n: 50 }],
    ['query ($n: Int! = 7) { products(first: $n) { nodes { id } } }', 1 + 20, {}],
    ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', 3, { ids: ['a', 'b', 'c'] }],
    [
      '{ users(first: 10) { nodes { interactions(first: 5) { nodes { product { title } } } } } }',
      1 + 10 * (1 + 5 + 5 * 2),
    ],
    ['mutation { eventsTrack(input: { events: [] }) { accepted } }', 10],
  ])('%s', (query, cost, variables = {}) => {
    expect(costOf(query, variables)).toBe(cost);
  });

  it('is the same for fields and for fragments with these fields', () => {
    const fields = 'nodes { title similar(first: 5) { items { nodes { rank } } } }';
    const plain = `{ products(first: 9) { ${fields} } }`;
    const spread = `{ products(first: 9) { ...F ... on ProductConnection { pageInfo { endCursor } } } } fragment F on ProductConnection { ${fields} }`;
    expect(costOf(spread)).toBe(costOf(plain) + 1);
  });

  it('grows with each level of lists', () => {
    const inner = (levels: number): string =>
      levels === 0 ? 'id' : `similar(first: 10) { items { nodes { product { ${inner(levels - 1)} } } } }`;
    const costs = [1, 2, 3].map(levels => costOf(`{ product(productId: "x") { ${inner(levels)} } }`));
    expect(costs[1]).toBeGreaterThan(9 * costs[0]);
    expect(costs[2]).toBeGreaterThan(9 * costs[1]);
  });
});

test('the fields that cost more than 1 per object', () => {
  const weights = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap(type =>
      Object.values(type.getFields()).map(
        field => [`${type.name}.${field.name}`, costWeightOf(field)] as const,
      ),
    )
    .filter(([, weight]) => weight !== 1);
  expect(Object.fromEntries(weights)).toEqual({
    'Campaign.auditTrail': 5,
    'Campaign.audienceSize': 50,
    'Campaign.shopper': 10,
    'InterestTag.related': 5,
    'Product.frequentlyBoughtTogether': 25,
    'Product.interestTags': 5,
    'Product.similar': 25,
    'Query.campaignReport': 50,
    'Query.frequentlyBoughtTogether': 25,
    'Query.interestTags': 5,
    'Query.modelQuality': 20,
    'Subscription.unsubscribePath': 5,
    'User.buyAgain': 10,
    'User.interactions': 5,
    'User.interestTags': 5,
    'User.nextAction': 5,
    'User.nextActionPredictions': 5,
    'User.recommendationLists': 5,
    'User.recommendations': 25,
    'Viewer.buyAgain': 10,
    'Viewer.recommendations': 25,
  });
});

describe('the shape of an operation', () => {
  const shapeOf = (query: string) => {
    const document = parse(query);
    const operation = getOperationAST(document);
    return operation ? createShapeMeter(document)(operation) : null;
  };

  it('counts a fragment each time it is spread', () => {
    expect(
      shapeOf(
        '{ ...A ...A } fragment A on Query { x: shop { ...B } } fragment B on Shop { y: name z: name }',
      ),
    ).toEqual({
      depth: 2,
      aliases: 6,
      selections: 6,
    });
  });

  it('measures an exponential bomb in linear time', () => {
    const bomb = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
    ).join(' ');
    expect(shapeOf(`{ ...F0 } ${bomb} fragment F60 on Query { __typename }`)?.selections).toBe(2 ** 60);
  });

  it('does not loop forever on cycles of fragments', () => {
    expect(
      shapeOf('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A shop { name } }')?.depth,
    ).toBe(2);
  });

  it.each([
    ['fifteen aliases', `{ ${Array.from({ length: 15 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 0],
    ['sixteen', `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 1],
  ])('of %s', (_what, query, errors) => {
    expect(validate(schema, parse(query), [shapeRule()])).toHaveLength(errors);
  });
});
