import { isObjectType } from 'graphql';
import { maxEventKeyLength } from '../../src/domain/eventKey';
import { toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { buildGatewaySchema } from '../../src/graphql/schema';
import type { Stores } from '../../src/store/ports/stores';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { storesByKind } from '../support/openedStores';

const shopId = toShopId('demo');
const page = (id: string) =>
  `(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { key: ${id} } }`;
const below = (root: string, selection: string) => `${root} { ${selection} }`;
const anna = (selection: string) => below('user(userId: "anna")', selection);
const garden = (selection: string) => below('interestTag(tagId: "garden")', selection);

/** Every connection that can be continued: a selection that reaches it, and the name in its cursors. */
const connections: Readonly<Record<string, readonly [selection: string, kind: string]>> = {
  'Query.products': [`products${page('productId')}`, 'products'],
  'Query.users': [`users${page('userId')}`, 'users'],
  'Query.campaigns': [`campaigns${page('campaignId')}`, 'campaigns'],
  'Campaign.auditTrail': [below('campaign(campaignId: "edited")', `auditTrail${page('entryId')}`), 'audit'],
  'Query.interestTags': [`interestTags${page('tagId')}`, 'interestTags'],
  'Query.models': [`models${page('artifactId')}`, 'models'],
  'Query.trainingRuns': [`trainingRuns${page('runId')}`, 'trainingRuns'],
  'User.interactions': [anna(`interactions${page('eventId')}`), 'interactions'],
  'User.recommendationLists': [anna(`recommendationLists${page('listId')}`), 'lists'],
  'User.nextActionPredictions': [anna(`nextActionPredictions${page('predictionId')}`), 'predictions'],
  'InterestTag.products': [garden(`products${page('productId')}`), 'tagProducts'],
  'InterestTag.users': [garden(`users${page('userId')}`), 'tagUsers'],
  'User.buyAgain': [anna(`buyAgain${page('productId')}`), 'buyAgain'],
  'Viewer.buyAgain': [below('viewer(userId: "anna")', `buyAgain${page('productId')}`), 'buyAgain'],
  'RecommendationList.items': [below('recommendationList(id: $list)', `items${page('productId')}`), 'items'],
};

test('every connection of the schema is among those that are tried', () => {
  const found = Object.values(buildGatewaySchema().getTypeMap()).flatMap(type =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter(({ args }) => args.some(({ name }) => name === 'after'))
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
  expect(found.sort()).toEqual(Object.keys(connections).sort());
});

/** Ids of the longest length, whose JSON is longest in different ways. */
const longIds = ['茶', 'א', 'é', '"', '\\', 'क्', '\u{1f375}', 'a'].map(
  (character, index) => `${character.repeat(Math.floor(253 / character.length))}${index}`,
);

async function seedLongIds(stores: Stores, now: number): Promise<void> {
  const products = longIds.map(id => ({ id: toProductId(id), title: id }));
  await stores.products.upsertMany(shopId, products, now);
  await stores.users.upsertMany(
    shopId,
    longIds.map(id => ({ id: toUserId(id), locale: 'en' })),
    now,
  );
  const events = longIds.map(
    (id): Interaction => ({
      shopId,
      id: toEventId(id),
      userId: toUserId('anna'),
      productId: toProductId(id),
      type: 'VIEW',
      value: null,
      priceMinor: null,
      queryText: null,
      sessionId: null,
      occurredAt: now,
      receivedAt: now,
      attribution: null,
    }),
  );
  await stores.interactions.insertMany(events);
}

interface Connected {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly { readonly key: string }[];
}

/** Returns the connection somewhere below the data. */
function connectionIn(data: unknown): Connected {
  if (typeof data !== 'object' || data === null) throw new Error('Expected a connection.');
  return 'pageInfo' in data ? (data as Connected) : connectionIn(Object.values(data)[0]);
}

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Cursors that the gateway never wrote, and parts of them. */
const forgedOf = (kind: string): readonly string[] => [
  ...['', 'x', 'AAAA', '茶', cursorOf(null), cursorOf([]), cursorOf([kind]), cursorOf([kind, 1])],
  ...[-1, 0.5, 9e15, 253_402_300_800_000, -62_135_596_800_001, 1e300, '1', null, true].map(at =>
    cursorOf([kind, at, 'a']),
  ),
  ...['\0', '\ud800', 'a\0b', 'a'.repeat(maxEventKeyLength + 1), '茶'.repeat(5000), 7, null, {}].map(id =>
    cursorOf([kind, 1, id]),
  ),
  cursorOf(['other', 1, 'a']),
  cursorOf([kind, 1, 'a', 'b']),
  `${cursorOf([kind, 1, 'a'])}=`,
  `${cursorOf([kind, 1, 'a'])} `,
  cursorOf([kind, 1, 'a']).slice(0, -1),
  cursorOf([kind, 1, 'a']).slice(1),
  Buffer.from(`["${kind}", 1, "a"]`).toString('base64url'),
  `${cursorOf([kind, 1, 'a'])}+/==`,
  'A'.repeat(100_000),
];

describe.each(storesByKind)('connections over stores in %s', (_name, open) => {
  let gateway: TestGateway;
  let admin: string;
  let list: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const opened = await open();
    gateway = await startTestGateway({ stores: opened.stores });
    close = () => gateway.close().then(opened.close);
    admin = await gateway.token('ADMIN');
    await seedLongIds(gateway.stores, gateway.clock.now);
    // A list is stored when its items are selected, and one for staff is a preview.
    const made = await gateway.ask(
      await gateway.token('STOREFRONT'),
      '{ viewer(userId: "anna") { recommendations(first: 40) { listId items { nodes { rank } } } } }',
    );
    list = JSON.stringify(made.body.data).match(/"listId":"([^"]+)"/)?.[1] ?? '';
    for (const edit of [
      'Create(input: { campaignId: "edited", name: "a", objective: CLICK, channels: [{ channel: SMS }]',
      'Update(input: { campaignId: "edited", version: 1, name: "b"',
      'Cancel(input: { campaignId: "edited"',
    ])
      await gateway.ask(admin, `mutation { campaign${edit} }) { userErrors { code } } }`);
    await gateway.ask(
      admin,
      'mutation { a: trainingStart(input: { model: "popularity" }) { userErrors { code } } b: trainingStart(input: { model: "popularity" }) { userErrors { code } } }',
    );
  });
  afterAll(() => close());

  const ask = (selection: string, first: number, after: string | null) =>
    gateway.ask(
      admin,
      `query ($first: Int!, $after: String${selection.includes('$list') ? ', $list: ID!' : ''}) { ${selection} }`,
      {
        first,
        after,
        list,
      },
    );

  it.each(Object.entries(connections))(
    '%s goes through all its rows one by one',
    async (_field, [selection]) => {
      const keys: string[] = [];
      let after: string | null = null;
      for (;;) {
        const answer = await ask(selection, 1, after);
        expect(answer.body.errors).toBeUndefined();
        const { pageInfo, nodes } = connectionIn(answer.body.data);
        keys.push(...nodes.map(({ key }) => key));
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      const whole = connectionIn((await ask(selection, 100, null)).body.data).nodes.map(({ key }) => key);
      expect(keys).toEqual(whole);
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  it.each(Object.entries(connections))(
    '%s refuses cursors that it did not write',
    async (_field, [selection, kind]) => {
      for (const after of forgedOf(kind)) {
        const answer = await ask(selection, 2, after);
        expect([after, answer.body.errors?.map(({ extensions }) => extensions['code'])]).toEqual([
          after,
          ['BAD_USER_INPUT'],
        ]);
      }
      expect(gateway.unexpected).toEqual([]);
    },
  );

  it('has the long ids in its pages', async () => {
    for (const selection of [
      connections['Query.products'][0],
      connections['Query.users'][0],
      connections['User.interactions'][0],
    ]) {
      const keys = connectionIn((await ask(selection, 100, null)).body.data).nodes.map(({ key }) => key);
      expect(keys).toEqual(expect.arrayContaining(longIds));
    }
  });

  it('resolves the global ids of long ids, and finds nothing for overlong ones', async () => {
    const query = `query ($ids: [ID!]!, $id: ID!, $long: ID!) { nodes(ids: $ids) { ... on Product { productId } }
      product(productId: $id) { id } a: product(productId: $long) { id } b: user(userId: $long) { id }
      c: recommendationList(id: $long) { id } d: interestTag(tagId: $long) { tagId } e: campaign(campaignId: $long) { id }
      f: node(id: $long) { id } }`;
    const ids = longIds.map(id => Buffer.from(`Product:${id}`).toString('base64url'));
    const answer = await gateway.ask(admin, query, { ids, id: longIds[0], long: '茶'.repeat(50_000) });
    expect(answer.body).toEqual({
      data: {
        nodes: longIds.map(productId => ({ productId })),
        product: { id: ids[0] },
        ...{ a: null, b: null, c: null, d: null, e: null, f: null },
      },
    });
  });
});
