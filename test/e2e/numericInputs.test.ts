import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/schema';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTestGateway, type TestGateway } from '../support/gateway';

const numberTypes = new Set(['Int', 'SafeInt', 'Float']);
const isNumeric = ({ type }: { readonly type: GraphQLInputType }) => numberTypes.has(getNamedType(type).name);

/** Returns the coordinates of all numeric arguments and input fields of a schema. */
function numericInputs(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap()).flatMap(type => {
    if (type.name.startsWith('__')) return [];
    if (isInputObjectType(type))
      return Object.values(type.getFields())
        .filter(isNumeric)
        .map(({ name }) => `${type.name}.${name}`);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap(({ name, args }) =>
      args.filter(isNumeric).map(argument => `${type.name}.${name}.${argument.name}`),
    );
  });
}

const list = '{ listId }';
const page = '{ pageInfo { endCursor } }';
const user = (selection: string) => `{ user(userId: "anna") { ${selection} } }`;
const product = (selection: string) => `{ product(productId: "p01") { ${selection} } }`;
const garden = (selection: string) => `{ interestTag(tagId: "garden") { ${selection} } }`;
const viewer = (args: string) => `{ viewer(userId: "anna") { recommendations(${args}) ${list} } }`;
const policy = (input: string) =>
  `mutation { shopPolicyUpdate(input: { ${input} }) { userErrors { code } } }`;
const event = (fields: string) =>
  `mutation { eventsTrack(input: { userId: "anna", events: [{ eventId: "n", productId: "p01", ${fields} }] }) { results { code } } }`;
const upsert = (fields: string) =>
  `mutation { productsUpsert(input: { products: [{ productId: "n", ${fields} }] }) { results { code } } }`;
const draft = (fields: string) =>
  `mutation { campaignCreate(input: { name: "n", objective: CLICK, channels: [{ channel: SMS }], ${fields} }) { campaign { audienceSize { count } } userErrors { code } } }`;
const change = (fields: string) =>
  `mutation { campaignUpdate(input: { campaignId: "summer", version: 1, ${fields} }) { userErrors { code } } }`;
const filtered = (filter: string) => draft(`audience: { by: FILTER, filter: { ${filter} } }`);
const offered = (fields: string) =>
  draft(`offers: [{ kind: FIXED, title: "t", productIds: ["p01"], ${fields} }]`);

/** An operation per numeric input, with N for its value. */
const operations: Readonly<Record<string, string>> = {
  'AlreadySeenInput.days': policy('alreadySeen: { days: N }'),
  'AttributionInput.rank': event('type: CLICK, attribution: { listId: "l", rank: N }'),
  'EventInput.priceMinor': event('type: PURCHASE, priceMinor: N'),
  'EventInput.value': event('type: PURCHASE, value: N'),
  'EventWeightInput.weight': policy('eventWeights: [{ type: VIEW, weight: N }]'),
  'InterestTag.audienceSize.minWeight': garden('audienceSize(minWeight: N)'),
  'InterestTag.products.first': garden(`products(first: N) ${page}`),
  'InterestTag.products.minWeight': garden(`products(minWeight: N) ${page}`),
  'InterestTag.related.first': garden('related(first: N) { similarity }'),
  'InterestTag.users.first': garden(`users(first: N) ${page}`),
  'InterestTag.users.minWeight': garden(`users(minWeight: N) ${page}`),
  'CampaignPolicyInput.capDays': policy('campaigns: { capDays: N }'),
  'CampaignPolicyInput.maxContacts': policy('campaigns: { maxContacts: N }'),
  'CampaignPolicyInput.quietFromMinute': policy('campaigns: { quietFromMinute: N }'),
  'CampaignPolicyInput.quietToMinute': policy('campaigns: { quietToMinute: N }'),
  'AttributeConditionInput.number': filtered('attribute: { name: "a", number: N }'),
  'Campaign.auditTrail.first': `{ campaign(campaignId: "spring") { auditTrail(first: N) ${page} } }`,
  'CampaignCreateInput.attributionWindowDays': draft('attributionWindowDays: N'),
  'CampaignCreateInput.budgetMinor': draft('budgetMinor: N'),
  'CampaignCreateInput.holdoutRate': draft('holdoutRate: N'),
  'CampaignOfferInput.costMinor': offered('discountMinor: 1, costMinor: N'),
  'CampaignOfferInput.discountMinor': offered('discountMinor: N'),
  'CampaignOfferInput.discountRate': offered('discountRate: N'),
  'CampaignOfferInput.points': offered('points: N'),
  'CampaignStepInput.version':
    'mutation { campaignPause(input: { campaignId: "summer", version: N }) { userErrors { code } } }',
  'CampaignUpdateInput.attributionWindowDays': change('attributionWindowDays: N'),
  'CampaignUpdateInput.budgetMinor': change('budgetMinor: N'),
  'CampaignUpdateInput.holdoutRate': change('holdoutRate: N'),
  'CampaignUpdateInput.version':
    'mutation { campaignUpdate(input: { campaignId: "summer", version: N }) { userErrors { code } } }',
  'ChannelCostInput.costMinor':
    'mutation { campaignCreate(input: { name: "n", objective: CLICK, channels: [{ channel: SMS, costMinor: N }] }) { userErrors { code } } }',
  'FrequencyCapInput.contacts': draft('frequencyCap: { contacts: N, days: 30 }'),
  'FrequencyCapInput.days': draft('frequencyCap: { contacts: 1, days: N }'),
  'InterestTagConditionInput.minWeight': filtered('interestTag: { tagId: "garden", minWeight: N }'),
  'LastOrderInput.newerThanDays': filtered('lastOrder: { newerThanDays: N }'),
  'LastOrderInput.olderThanDays': filtered('lastOrder: { olderThanDays: N }'),
  'OrderCountInput.atLeast': filtered('orders: { atLeast: N }'),
  'OrderCountInput.days': filtered('orders: { atLeast: 1, days: N }'),
  'PredictedResponseInput.atLeast': filtered('predictedResponse: { atLeast: N }'),
  'ProductUseInput.days': filtered('bought: { productIds: ["p01"], days: N }'),
  'QuietHoursInput.endMinute': draft('quietHours: { startMinute: 9, endMinute: N }'),
  'QuietHoursInput.startMinute': draft('quietHours: { startMinute: N, endMinute: 9 }'),
  'SendingWindowInput.endMinute': draft(
    'sendingWindows: [{ weekdays: [SATURDAY], startMinute: 0, endMinute: N }]',
  ),
  'SendingWindowInput.startMinute': draft(
    'sendingWindows: [{ weekdays: [SATURDAY], startMinute: N, endMinute: 1440 }]',
  ),
  'DiscoveryInput.every': policy('discovery: { every: N }'),
  'NewcomersInput.days': policy('newcomers: { days: N }'),
  'NewcomersInput.every': policy('newcomers: { every: N }'),
  'Product.frequentlyBoughtTogether.first': product(`frequentlyBoughtTogether(first: N) ${list}`),
  'Product.similar.first': product(`similar(first: N) ${list}`),
  'ProductFilterInput.maxPriceMinor': `{ products(filter: { maxPriceMinor: N }) ${page} }`,
  'ProductFilterInput.minPriceMinor': `{ products(filter: { minPriceMinor: N }) ${page} }`,
  'ProductInput.priceMinor': upsert('priceMinor: N'),
  'ProductInput.stock': upsert('stock: N'),
  'Query.campaigns.first': `{ campaigns(first: N) ${page} }`,
  'Query.frequentlyBoughtTogether.first': `{ frequentlyBoughtTogether(productIds: ["p01"], first: N) ${list} }`,
  'Query.interestTags.first': `{ interestTags(first: N) ${page} }`,
  'Query.modelQuality.weeks': '{ modelQuality(model: "next-action", weeks: N) { week } }',
  'Query.models.first': `{ models(first: N) ${page} }`,
  'Query.products.first': `{ products(first: N) ${page} }`,
  'Query.trainingRuns.first': `{ trainingRuns(first: N) ${page} }`,
  'Query.users.first': `{ users(first: N) ${page} }`,
  'RecommendationFilterInput.maxPriceMinor': viewer('filter: { maxPriceMinor: N }'),
  'RecommendationFilterInput.minPriceMinor': viewer('filter: { minPriceMinor: N }'),
  'RecommendationList.items.first': `{ viewer(userId: "anna") { recommendations { items(first: N) ${page} } } }`,
  'RetentionInput.interactionDays': policy('retention: { interactionDays: N }'),
  'RetentionInput.listDays': policy('retention: { listDays: N }'),
  'ShopPolicyUpdateInput.attributionWindowDays': policy('attributionWindowDays: N'),
  'TrainingStartInput.seed':
    'mutation { trainingStart(input: { model: "popularity", seed: N }) { trainingRun { seed } userErrors { code } } }',
  'User.buyAgain.first': user(`buyAgain(first: N) ${page}`),
  'User.interactions.first': user(`interactions(first: N) ${page}`),
  'User.interestTags.first': user(`interestTags(first: N) ${page}`),
  'User.interestTags.minWeight': user(`interestTags(minWeight: N) ${page}`),
  'User.nextActionPredictions.first': user(`nextActionPredictions(first: N) ${page}`),
  'User.recommendationLists.first': user(`recommendationLists(first: N) ${page}`),
  'User.recommendations.first': user(`recommendations(first: N) ${list}`),
  'Viewer.buyAgain.first': `{ viewer(userId: "anna") { buyAgain(first: N) ${page} } }`,
  'Viewer.recommendations.first': viewer('first: N'),
};

const schema = buildGatewaySchema();

test('every numeric input of the schema is among those that are tried', () => {
  expect([...numericInputs(schema)].sort()).toEqual(Object.keys(operations).sort());
});

/** Bounds of the number types of GraphQL, PostgreSQL and JavaScript, and their neighbours. */
const extremes = [
  ...['-9007199254740991', '-2147483649', '-2147483648', '-1', '0', '1', '32768', '2147483647', '2147483648'],
  ...['4294967295', '4294967296', '9007199254740991', '9007199254740992', '1e300', '-1e-300', '0.5'],
];

let gateway: TestGateway;
let stores: Stores;
let database: TestDatabase;
let admin: string;
beforeAll(async () => {
  database = await createTestDatabase();
  stores = await createPrismaStores({ url: database.url, poolSize: 4 });
  gateway = await startTestGateway({ stores });
  admin = await gateway.token('ADMIN');
});
afterAll(async () => {
  await gateway.close();
  await stores.close();
  await database.drop();
});

it.each(Object.entries(operations))(
  '%s accepts or refuses every number, and fails for none',
  async (_input, operation) => {
    for (const number of extremes) {
      const { body } = await gateway.ask(admin, operation.replace('N', number));
      const codes = (body.errors ?? []).map(({ extensions }) => extensions['code']);
      expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toEqual(expect.arrayContaining(codes));
    }
    expect(gateway.unexpected).toEqual([]);
  },
);

it.each([
  ['TrainingStartInput.seed', ['0', '2147483648', '4294967295'], 'trainingStart', { userErrors: [] }],
  ['ProductInput.priceMinor', ['0', '2147483647'], 'productsUpsert', { results: [{ code: null }] }],
  ['ProductInput.stock', ['0', '2147483647'], 'productsUpsert', { results: [{ code: null }] }],
  ['RetentionInput.interactionDays', ['1', '36500'], 'shopPolicyUpdate', { userErrors: [] }],
  ['RetentionInput.listDays', ['1', '3650'], 'shopPolicyUpdate', { userErrors: [] }],
  ['EventWeightInput.weight', ['-25', '25'], 'shopPolicyUpdate', { userErrors: [] }],
  ['Query.products.first', ['1', '100'], 'products', {}],
] as const)('%s accepts the bounds that it documents', async (input, numbers, field, result) => {
  for (const number of numbers) {
    const { body } = await gateway.ask(admin, operations[input].replace('N', number));
    expect(body.data?.[field]).toMatchObject(result);
  }
});

it('returns a seed above 2^31 as it was given', async () => {
  const { body } = await gateway.ask(admin, operations['TrainingStartInput.seed'].replace('N', '4294967295'));
  expect(body.data).toEqual({ trainingStart: { trainingRun: { seed: 4_294_967_295 }, userErrors: [] } });
  // All runs of this file are queued at one instant of the test's clock, so their order is that of random ids.
  const read = await gateway.ask(admin, '{ trainingRuns(first: 100) { nodes { seed } } }');
  expect(read.body.data).toMatchObject({
    trainingRuns: { nodes: expect.arrayContaining([{ seed: 4_294_967_295 }]) },
  });
});
