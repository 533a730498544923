import { GraphQLError, parse, validate } from 'graphql';
import { toShopId, toUserId } from '../../../src/domain/ids';
import type { Principal } from '../../../src/domain/role';
import { createPlannedExecutor, createReferenceExecutor } from '../../../src/graphql/execution/executor';
import { createQuotas, defaultQuotaSizes } from '../../../src/graphql/limits/hourlyQuota';
import { createContextFactory } from '../../../src/graphql/request/context';
import type { GraphqlServices } from '../../../src/graphql/request/services';
import { buildGatewaySchema } from '../../../src/graphql/schema';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { createMemoryTrainingQueue } from '../../../src/store/memory/trainingQueue';
import { createTestNextActions } from '../../support/fakeForecaster';
import { createFakeRecommender } from '../../support/fakeRecommender';
import { createTestInterests } from '../../support/fakeTags';
import { exampleOperations } from '../../support/operations';
import { seedShops } from '../../support/seedShops';

const schema = buildGatewaySchema();
const now = Date.UTC(2026, 2, 1, 12);

/** Services with their own stores, so that both executors start from the same state. Ids count up. */
async function world(): Promise<GraphqlServices> {
  const stores = createMemoryStores();
  await seedShops(stores, now);
  let ids = 0;
  const newId = () => `00000000-0000-7000-8000-${String(ids++).padStart(12, '0')}`;
  const nothing = () => undefined;
  return {
    stores,
    recommender: createFakeRecommender(stores, newId),
    interests: createTestInterests({ stores, clock: () => now, onError: nothing }),
    nextActions: createTestNextActions({
      stores,
      products: (shopId, ids) => stores.products.findMany(shopId, ids),
      onError: nothing,
    }),
    afterCommit: [],
    unsubscribePathOf: () => null,
    trainingQueue: createMemoryTrainingQueue(),
    quotas: createQuotas(defaultQuotaSizes),
    modelNames: ['popularity', 'collaborative'],
    authenticator: { forgetApiKey: nothing, forgetUser: nothing },
    clock: () => now,
    newId,
    reports: {
      unexpected: nothing,
      foreseen: nothing,
      observerFailed: nothing,
      tracked: nothing,
      trainingQueued: nothing,
    },
  };
}

const principal: Principal = {
  shopId: toShopId('demo'),
  role: 'ADMIN',
  userId: toUserId('anna'),
  credentialId: 'test',
};

describe.each(exampleOperations)('$name', ({ query, variables }) => {
  it('is valid', () => {
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  it('returns the same result from plans as graphql-js, each time', async () => {
    const document = parse(query);
    const answers: string[][] = [];
    for (const createExecutor of [createReferenceExecutor, createPlannedExecutor]) {
      const services = await world();
      const executor = createExecutor(schema);
      const contextOf = createContextFactory(services);
      const runs: string[] = [];
      for (let run = 0; run < 3; run++) {
        const context = contextOf({ principal, requestId: 'test' });
        const result = await executor({
          document,
          operationName: undefined,
          variables: variables ?? {},
          context,
        });
        const errors = result.errors?.map(error => [
          error instanceof GraphQLError,
          error,
          error.originalError?.name,
        ]);
        runs.push(JSON.stringify({ data: result.data, errors }));
      }
      answers.push(runs);
    }
    // Keys are random. Everything else is equal.
    const blur = (runs: string[]) => runs.map(text => text.replace(/aff_[\w-]+|"keyId":"\w+"/g, 'KEY'));
    expect(blur(answers[1])).toEqual(blur(answers[0]));
    expect(answers[0][0]).toContain('"data":');
  });
});

describe('valid variables of every shape', () => {
  const track =
    'mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted results { eventId status code } } }';
  const list =
    'query ($first: Int, $filter: RecommendationFilterInput, $ids: [ID!] = ["p01"], $context: RecommendationContextInput) { viewer(userId: "anna") { recommendations(first: $first, filter: $filter, excludeProductIds: $ids, context: $context) { items { nodes { productId } } } } }';
  const history =
    'query ($filter: InteractionFilterInput) { user(userId: "anna") { interactions(first: 3, filter: $filter) { nodes { eventId occurredAt } } } }';
  it.each([
    [
      'one row for a list',
      track,
      { input: { events: { eventId: 7, type: 'VIEW', productId: 8 }, userId: 'anna' } },
    ],
    ['null for what has a default', track, { input: { events: [], errorPolicy: null } }],
    [
      'a given policy',
      track,
      {
        input: {
          errorPolicy: 'REJECT_EVERYTHING',
          events: [{ eventId: '1', type: 'SEARCH' }],
          userId: 'ben',
        },
      },
    ],
    [
      'nested objects',
      track,
      {
        input: {
          events: [
            {
              eventId: 'a',
              type: 'CLICK',
              userId: 'ben',
              productId: 'p01',
              attribution: { listId: 'x', rank: 1 },
            },
          ],
        },
      },
    ],
    ['nothing but a default of the document', list, { first: 2 }],
    [
      'numbers and lists',
      list,
      { first: 3, filter: { category: 'Home', minPriceMinor: 300, inStock: false }, ids: [1, 'p00'] },
    ],
    [
      'nulls',
      list,
      { first: 2, filter: null, ids: null, context: { cartProductIds: null, currentProductId: null } },
    ],
    ['a scalar of our own', history, { filter: { since: '2026-03-01T06:30:00+01:00', types: ['VIEW'] } }],
    ['one enum value for a list', history, { filter: { types: 'PURCHASE', until: '2026-03-01T12:00:00Z' } }],
  ])('%s', async (_what, query, variables) => {
    const document = parse(query);
    const results: string[] = [];
    for (const createExecutor of [createReferenceExecutor, createPlannedExecutor]) {
      const executor = createExecutor(schema);
      let text = '';
      for (let run = 0; run < 2; run++) {
        const context = createContextFactory(await world())({ principal, requestId: 'test' });
        text = JSON.stringify(await executor({ document, operationName: undefined, variables, context }));
      }
      results.push(text);
    }
    expect(results[1]).toBe(results[0]);
  });
});

test('a missing operation is reported as graphql-js does', async () => {
  const services = await world();
  const context = createContextFactory(services)({ principal, requestId: 'test' });
  const execution = {
    document: parse('query A { shop { id } }'),
    operationName: 'B',
    variables: {},
    context,
  };
  const answers = await Promise.all([
    createReferenceExecutor(schema)(execution),
    createPlannedExecutor(schema)(execution),
  ]);
  expect(JSON.stringify(answers[1])).toBe(JSON.stringify(answers[0]));
});
