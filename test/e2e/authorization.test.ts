import { parse, print } from 'graphql';
import { toListId, toShopId } from '../../src/domain/ids';
import { type Role, roles } from '../../src/domain/role';
import { ruleOf } from '../../src/graphql/access/access';
import { accessTable } from '../../src/graphql/modules';
import { toGlobalId } from '../../src/graphql/node/globalId';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let anna: string;
let storefront: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  anna = await gateway.token('SHOPPER', { user: 'anna' });
  storefront = await gateway.token('STOREFRONT');
});
afterAll(() => gateway.close());

const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions['code'];

/** A minimal operation per root field. */
const rootOperations: Readonly<Record<string, string>> = {
  node: '{ node(id: "x") { id } }',
  nodes: '{ nodes(ids: ["x"]) { id } }',
  shop: '{ shop { id } }',
  viewer: '{ viewer { role } }',
  user: '{ user(userId: "anna") { id } }',
  users: '{ users { nodes { id } } }',
  product: '{ product(productId: "p01") { id } }',
  products: '{ products { nodes { id } } }',
  frequentlyBoughtTogether: '{ frequentlyBoughtTogether(productIds: ["p01"]) { id } }',
  recommendationList: '{ recommendationList(id: "x") { id } }',
  campaign: '{ campaign(campaignId: "spring") { id } }',
  campaigns: '{ campaigns { nodes { id } } }',
  campaignReport: '{ campaignReport(campaignId: "spring") { windowDays } }',
  campaignCreate:
    'mutation { campaignCreate(input: { name: "x", objective: CLICK, channels: [] }) { userErrors { code } } }',
  campaignUpdate:
    'mutation { campaignUpdate(input: { campaignId: "x", version: 1 }) { userErrors { code } } }',
  campaignPause: 'mutation { campaignPause(input: { campaignId: "x" }) { userErrors { code } } }',
  campaignResume: 'mutation { campaignResume(input: { campaignId: "x" }) { userErrors { code } } }',
  campaignCancel: 'mutation { campaignCancel(input: { campaignId: "x" }) { userErrors { code } } }',
  models: '{ models { nodes { model } } }',
  modelReadiness: '{ modelReadiness { model } }',
  modelQuality: '{ modelQuality(model: "next-action") { week } }',
  trainingRuns: '{ trainingRuns { nodes { id } } }',
  apiKeys: '{ apiKeys { keyId } }',
  interestTag: '{ interestTag(tagId: "garden") { tagId } }',
  interestTags: '{ interestTags { nodes { tagId } } }',
  eventsTrack: 'mutation { eventsTrack(input: { events: [] }) { accepted } }',
  productsUpsert: 'mutation { productsUpsert(input: { products: [] }) { created } }',
  usersUpsert: 'mutation { usersUpsert(input: { users: [] }) { created } }',
  consentUpdate:
    'mutation { consentUpdate(input: { purpose: ANALYTICS, granted: true }) { userErrors { code } } }',
  subscriptionUpdate:
    'mutation { subscriptionUpdate(input: { channel: SMS, isSubscribed: true }) { userErrors { code } } }',
  suppressionUpdate:
    'mutation { suppressionUpdate(input: { userId: "anna", channel: SMS }) { userErrors { code } } }',
  userIdentify: 'mutation { userIdentify(input: { anonymousId: "v", userId: "v" }) { userErrors { code } } }',
  interestTagUpdate: 'mutation { interestTagUpdate(input: { tagId: "garden" }) { userErrors { code } } }',
  interestTagMerge:
    'mutation { interestTagMerge(input: { fromTagId: "x", intoTagId: "y" }) { userErrors { code } } }',
  interestTagUnmerge: 'mutation { interestTagUnmerge(tagId: "x") { userErrors { code } } }',
  shopPolicyUpdate: 'mutation { shopPolicyUpdate(input: {}) { userErrors { code } } }',
  trainingStart: 'mutation { trainingStart(input: { model: "popularity" }) { userErrors { code } } }',
  apiKeyCreate: 'mutation { apiKeyCreate(input: { label: "x", role: INGEST }) { userErrors { code } } }',
  apiKeyRevoke: 'mutation { apiKeyRevoke(keyId: "x") { revoked } }',
};

describe('every root field, for every role', () => {
  const fields = (['Query', 'Mutation'] as const).flatMap(type =>
    Object.keys(accessTable[type]).map(field => [type, field] as const),
  );

  it.each(fields)('%s.%s', async (type, field) => {
    const operation = rootOperations[field];
    const got: Partial<Record<Role, unknown>> = {};
    const wanted: Partial<Record<Role, unknown>> = {};
    for (const role of roles) {
      const answer = await gateway.ask(
        await gateway.token(role, role === 'SHOPPER' ? { user: 'anna' } : {}),
        operation,
      );
      got[role] = codeOf(answer) ?? 'allowed';
      wanted[role] = ruleOf(accessTable, type, field).includes(role) ? 'allowed' : 'FORBIDDEN';
    }
    expect(got).toEqual(wanted);
    expect(codeOf(await gateway.ask(null, operation))).toBe('UNAUTHENTICATED');
  });
});

describe('a field that is protected although its parent is not', () => {
  it.each([
    ['a shopper and deactivatedAt', () => anna, '{ viewer { user { deactivatedAt } } }'],
    [
      'a storefront and isStub, behind a fragment',
      () => storefront,
      '{ node(id: "x") { ... on User { ...F } } } fragment F on User { isStub }',
    ],
    [
      'a storefront and a campaign, behind the interface',
      () => storefront,
      '{ nodes(ids: ["x"]) { id ... on Campaign { budgetMinor } } }',
    ],
    [
      'a shopper and a training run, behind an alias',
      () => anna,
      '{ a: node(id: "x") { ... on TrainingRun { b: reason } } }',
    ],
  ])('%s', async (_what, credential, query) => {
    const answer = await gateway.ask(credential(), query);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.status).toBe(403);
    expect(answer.body.data).toBeUndefined();
  });

  it('INGEST may track events, but not read recommendations', async () => {
    const query = 'mutation { eventsTrack(input: { events: [], userId: "anna" }) { viewer { role } } }';
    expect(codeOf(await gateway.ask(await gateway.token('INGEST'), query))).toBe('FORBIDDEN');
  });

  it('a field is refused even when a directive skips it', async () => {
    const query = '{ shop { name } users @skip(if: true) { nodes { id } } }';
    expect(codeOf(await gateway.ask(anna, query))).toBe('FORBIDDEN');
  });
});

const annaCannotSee = async (query: string, benQuery: string, variables?: unknown) => {
  const [nobody, ben] = [
    await gateway.ask(anna, query, variables),
    await gateway.ask(anna, benQuery, variables),
  ];
  expect(ben.text).toBe(nobody.text);
  expect(ben.status).toBe(nobody.status);
  expect(ben.text).not.toContain('ben');
};

describe('data of another shopper is indistinguishable from missing data', () => {
  it('by id', () =>
    annaCannotSee('{ user(userId: "zoe") { attributes } }', '{ user(userId: "ben") { attributes } }'));

  it('by global id', () =>
    annaCannotSee(
      `{ node(id: "${toGlobalId('User', 'zoe')}") { id } }`,
      `{ node(id: "${toGlobalId('User', 'ben')}") { id } }`,
    ));

  it('by a list of global ids', () =>
    annaCannotSee(
      `{ nodes(ids: ["${toGlobalId('User', 'zoe')}"]) { id } }`,
      `{ nodes(ids: ["${toGlobalId('User', 'ben')}"]) { id } }`,
    ));

  it('by an alias next to the own user', async () => {
    const answer = await gateway.ask(
      anna,
      '{ me: user(userId: "anna") { userId } him: user(userId: "ben") { userId } }',
    );
    expect(answer.body).toEqual({ data: { me: { userId: 'anna' }, him: null } });
  });

  it('by naming the other as the viewer', async () => {
    const answer = await gateway.ask(anna, '{ viewer(userId: "ben") { user { userId } } }');
    const nobody = await gateway.ask(anna, '{ viewer(userId: "zoe") { user { userId } } }');
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.text).toBe(nobody.text);
  });

  it('by a cursor of a page of the other', async () => {
    const page = (after: string | null) =>
      `{ viewer { user { interactions(first: 2${after === null ? '' : `, after: "${after}"`}) { pageInfo { endCursor } nodes { eventId } } } } }`;
    const his = await gateway.ask(await gateway.token('SHOPPER', { user: 'ben' }), page(null));
    const cursor = /"endCursor":"([^"]+)"/.exec(his.text)?.[1] ?? '';
    const hers = await gateway.ask(anna, page(cursor));
    expect(hers.text).toContain('anna-');
    expect(hers.text).not.toContain('ben-');
  });

  it('by the recommendation list of the other, by both of its ids', async () => {
    const made = await gateway.ask(
      storefront,
      '{ viewer(userId: "ben") { recommendations(first: 2) { id listId items { nodes { rank } } } } }',
    );
    const [, id, listId] = /"id":"([^"]+)","listId":"([^"]+)"/.exec(made.text) ?? [];
    expect(
      (await gateway.ask(storefront, `{ recommendationList(id: "${listId}") { userId } }`)).text,
    ).toContain('ben');
    for (const given of [id, listId]) {
      await annaCannotSee(
        '{ recommendationList(id: "none") { id } }',
        `{ recommendationList(id: "${given}") { id } }`,
      );
    }
    await annaCannotSee('{ node(id: "none") { id } }', `{ node(id: "${id}") { id } }`);
  });
});

describe('data of another shopper cannot be reached', () => {
  it('by a nested field: no field that a shopper may select leads to another user', async () => {
    const answer = await gateway.ask(
      anna,
      '{ products(first: 5) { nodes { similar(first: 3) { userId items { nodes { product { similar(first: 2) { userId } } } } } } } }',
    );
    expect(new Set(answer.text.match(/"userId":"?\w+/g))).toEqual(new Set(['"userId":"anna']));
  });

  it('by the loaders of a parallel request, in 1,000 rounds', async () => {
    const query = '{ viewer { user { userId attributes interactions(first: 1) { nodes { eventId } } } } }';
    const tokens = { anna, ben: await gateway.token('SHOPPER', { user: 'ben' }) };
    for (let round = 0; round < 100; round++) {
      const asked = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'anna' : 'ben'));
      const answers = await Promise.all(asked.map(who => gateway.ask(tokens[who as 'anna' | 'ben'], query)));
      for (const [index, { text }] of answers.entries()) {
        expect(text).toContain(`"tier":"demo-${asked[index]}"`);
        expect(text).not.toContain(asked[index] === 'anna' ? 'ben' : 'anna');
      }
    }
  });

  it('by a second field of one request: the caller stays the same', async () => {
    for (let round = 0; round < 10; round++) {
      const answer = await gateway.ask(
        anna,
        '{ a: viewer { user { userId } } b: user(userId: "ben") { userId } c: viewer { role } }',
      );
      expect(answer.body.data).toEqual({ a: { user: { userId: 'anna' } }, b: null, c: { role: 'SHOPPER' } });
    }
  });
});

describe('tracking', () => {
  const track = (input: string) =>
    `mutation { eventsTrack(input: ${input}) { accepted results { status code } } }`;
  const event = (user: string | null, id: string) =>
    `{ eventId: "${id}", type: VIEW, productId: "p01"${user === null ? '' : `, userId: "${user}"`} }`;

  it.each([
    ['in an event', `{ events: [${event(null, 'own')}, ${event('ben', 'his')}] }`],
    ['for the batch', `{ userId: "ben", events: [${event(null, 'his')}] }`],
    ['who does not exist', `{ events: [${event('zoe', 'hers')}] }`],
  ])('a shopper who names another %s is refused, and nothing is stored', async (_where, input) => {
    gateway.counting.reset();
    expect(codeOf(await gateway.ask(anna, track(input)))).toBe('FORBIDDEN');
    expect(gateway.counting.calls).not.toContain('interactions.insertMany');
  });

  it('a shopper may track own events, with or without userId', async () => {
    const answer = await gateway.ask(
      anna,
      track(`{ events: [${event(null, 't1')}, ${event('anna', 't2')}] }`),
    );
    expect(answer.body.data).toMatchObject({ eventsTrack: { accepted: 2 } });
  });

  it('a storefront tracks for the shopper that it names, and must name one', async () => {
    const answer = await gateway.ask(
      storefront,
      track(`{ events: [${event('ben', 't3')}, ${event(null, 't4')}] }`),
    );
    expect(answer.body.data).toEqual({
      eventsTrack: {
        accepted: 1,
        results: [
          { status: 'ACCEPTED', code: null },
          { status: 'REJECTED', code: 'ID_MISSING' },
        ],
      },
    });
  });

  it('a merchandiser may not name a viewer', async () => {
    const answer = await gateway.ask(
      await gateway.token('MERCHANDISER'),
      '{ viewer(userId: "anna") { role } }',
    );
    expect(codeOf(answer)).toBe('FORBIDDEN');
  });
});

describe('shops are isolated', () => {
  it('equal ids return the data of the own shop, in every query', async () => {
    const query = print(
      parse(`{ shop { name } users(first: 10) { totalCount nodes { attributes } } products(first: 2) { totalCount nodes { title price { currency } } }
      campaigns { nodes { name contactCounts { treatment } offers { products { title } } } } user(userId: "anna") { attributes interactions { nodes { sessionId } } }
      node(id: "${toGlobalId('Product', 'p01')}") { ... on Product { title } } }`),
    );
    for (const [shop, other] of [
      ['demo', 'rival'],
      ['rival', 'demo'],
    ]) {
      const answer = await gateway.ask(await gateway.token('MERCHANDISER', { shop }), query);
      expect(answer.body.errors).toBeUndefined();
      expect(answer.text).toContain(shop);
      expect(answer.text).not.toContain(other);
    }
  });

  it('a list of another shop does not exist', async () => {
    const made = await gateway.ask(
      storefront,
      '{ viewer(userId: "ben") { recommendations(first: 2) { listId items { nodes { rank } } } } }',
    );
    const listId = /"listId":"([^"]+)"/.exec(made.text)?.[1] ?? '';
    const lists = await gateway.recommender.findLists(toShopId('demo'), [toListId(listId)]);
    expect(lists.size).toBe(1);
    const rival = await gateway.ask(
      await gateway.token('ADMIN', { shop: 'rival' }),
      `{ recommendationList(id: "${listId}") { id } }`,
    );
    expect(rival.body).toEqual({ data: { recommendationList: null } });
  });

  it('another shop is not a node', async () => {
    const answer = await gateway.ask(
      await gateway.token('ADMIN'),
      `{ node(id: "${toGlobalId('Shop', 'rival')}") { id } }`,
    );
    expect(answer.body).toEqual({ data: { node: null } });
  });

  it('a credential of an unknown shop receives NOT_FOUND', async () => {
    expect(
      codeOf(await gateway.ask(await gateway.token('ADMIN', { shop: 'nowhere' }), '{ shop { id } }')),
    ).toBe('NOT_FOUND');
  });
});
