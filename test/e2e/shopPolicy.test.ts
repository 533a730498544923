import { toProductId } from '../../src/domain/ids';
import { defaultEventWeights } from '../../src/domain/shopPolicy';
import { collaborative } from '../../src/models/collaborative/model';
import { content } from '../../src/models/content/model';
import { createRecommender, type Recommender } from '../../src/serving/recommender';
import { arrival, openReadingShop } from '../serving/readingShop';
import { countingIds, interaction, loadTestModel, now, shopId } from '../serving/support';
import { type GraphqlBody, startTestGateway, type TestGateway } from '../support/gateway';

/** A gateway, and the requests of its clients. */
interface Side {
  readonly gateway: TestGateway;
  readonly recommender: Recommender;
}

/** Two gateways over one store: the feed of changes alone notifies one of what the other changed. */
let sides: readonly Side[];
const errors: unknown[] = [];

beforeAll(async () => {
  const { stores, recommender: first } = await openReadingShop([
    collaborative({ rank: 4 }),
    content({ rank: 4 }),
  ]);
  const second = createRecommender({
    stores,
    loadModel: loadTestModel,
    newId: countingIds(),
    onError: error => errors.push(error),
    config: { reconcileMs: 0 },
  });
  await second.start();
  // A tool on the wishlist of a shopper who otherwise views teas.
  await stores.interactions.insertMany([interaction('wish', 'u0', toProductId('p001'), 'WISHLIST', now - 9)]);
  await stores.products.upsertMany(shopId, [arrival], now - 1);
  sides = await Promise.all(
    [first, second].map(async recommender => {
      await recommender.refreshCatalogue(shopId);
      const policyCommitted = () => recommender.refreshPolicy(shopId);
      const afterCommit = [{ name: 'own policy', policyCommitted }];
      const given = { stores, recommender: () => recommender, afterCommit, startAt: now };
      return { gateway: await startTestGateway(given), recommender };
    }),
  );
});
afterAll(async () => {
  for (const { gateway, recommender } of sides) {
    expect(gateway.unexpected).toEqual([]);
    await gateway.close();
    await recommender.stop();
  }
  expect(errors).toEqual([]);
});
afterEach(async () => {
  const all =
    'eventWeights: null, alreadySeen: null, newcomers: null, discovery: null, retention: null, attributionWindowDays: null, campaigns: null';
  expect((await update(all)).data?.['shopPolicyUpdate']).toMatchObject({ userErrors: [] });
});

async function ask(side: Side, role: string, query: string): Promise<GraphqlBody> {
  const user = role === 'SHOPPER' ? { user: 'u0' } : {};
  const token = await side.gateway.token(role, { shop: shopId, ...user });
  return (await side.gateway.ask(token, query)).body;
}

const policyFields = `policy { eventWeights { type weight } alreadySeen { rule days } newcomers { every days } discovery { every }
  retention { interactionDays listDays } attributionWindowDays
  campaigns { maxContacts capDays quietFromMinute quietToMinute timeZone } }`;

/** Changes the policy at the first gateway. */
const update = (input: string, role = 'ADMIN'): Promise<GraphqlBody> =>
  ask(
    sides[0],
    role,
    `mutation { shopPolicyUpdate(input: { ${input} }) { shop { ${policyFields} } userErrors { field code message } } }`,
  );

/** One root field of a response, which must be there. */
function payloadOf<Payload>({ data }: GraphqlBody, field: string): Payload {
  if (!data) throw new Error(`Expected data of ${field}; got none.`);
  return data[field] as Payload;
}

interface Listed {
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly items: { readonly nodes: readonly { readonly productId: string; readonly source: string }[] };
}

/** The next list that a gateway makes for u0. */
async function listOf(side: Side): Promise<Listed> {
  const list =
    'recommendations(placement: "home", first: 12) { createdAt expiresAt items { nodes { productId source } } }';
  const body = await ask(side, 'SHOPPER', `{ viewer { ${list} } }`);
  expect(body.errors).toBeUndefined();
  return payloadOf<{ recommendations: Listed }>(body, 'viewer').recommendations;
}

const idsOf = ({ items }: Listed): readonly string[] => items.nodes.map(({ productId }) => productId);
const newcomerRanks = ({ items }: Listed): readonly number[] =>
  items.nodes.flatMap(({ source }, at) => (source === 'NEWCOMER' ? [at + 1] : []));
const daysOf = ({ createdAt, expiresAt }: Listed): number =>
  (Date.parse(expiresAt) - Date.parse(createdAt)) / 86_400_000;

/** Changes the policy, and returns the very next list of the first gateway and, as soon as it differs, one of the second. */
async function listsAfter(input: string): Promise<readonly Listed[]> {
  const before = JSON.stringify(await listOf(sides[1]));
  expect((await update(input)).data?.['shopPolicyUpdate']).toMatchObject({ userErrors: [] });
  const own = await listOf(sides[0]);
  let other = await listOf(sides[1]);
  for (let tries = 0; tries < 50 && JSON.stringify(other) === before; tries++) other = await listOf(sides[1]);
  return [own, other];
}

describe('a changed policy counts for the next list, at every gateway', () => {
  it('that places newcomers at other ranks', async () => {
    for (const side of sides) expect(newcomerRanks(await listOf(side))).toEqual([10]);
    for (const list of await listsAfter('newcomers: { every: 4 }')) expect(newcomerRanks(list)).toEqual([4]);
    for (const list of await listsAfter('newcomers: { every: 0 }')) expect(newcomerRanks(list)).toEqual([]);
  });

  it('that leaves out products already seen', async () => {
    for (const side of sides) expect(idsOf(await listOf(side))).toContain('p001');
    for (const list of await listsAfter('alreadySeen: { rule: EXCLUDE_SEEN }')) {
      expect(idsOf(list)).not.toContain('p001');
    }
  });

  it('that changes event weights', async () => {
    const isTool = (id: string) => Number(id.slice(1)) % 2 === 1;
    const tools = (list: Listed) => idsOf(list).filter(isTool).length;
    const before = tools(await listOf(sides[1]));
    const weights = 'eventWeights: [{ type: WISHLIST, weight: 25 }, { type: VIEW, weight: 0.1 }]';
    for (const list of await listsAfter(weights)) expect(tools(list)).toBeGreaterThan(before);
  });

  it('that keeps lists for another number of days', async () => {
    for (const side of sides) expect(daysOf(await listOf(side))).toBe(90);
    for (const list of await listsAfter('retention: { listDays: 7 }')) expect(daysOf(list)).toBe(7);
  });
});

describe('shopPolicyUpdate', () => {
  const settingsOf = (body: GraphqlBody) =>
    payloadOf<{ shop: { policy: Record<string, never> } }>(body, 'shopPolicyUpdate').shop.policy;

  it('changes the given settings, keeps those left out, and resets those that are null', async () => {
    await update(
      'newcomers: { every: 3, days: 20 }, attributionWindowDays: 7, alreadySeen: { rule: KEEP, days: 9 }',
    );
    const changed = settingsOf(
      await update(
        'newcomers: { days: 21 }, eventWeights: [{ type: VIEW, weight: 2 }, { type: CLICK, weight: 3 }]',
      ),
    );
    expect(changed).toMatchObject({
      newcomers: { every: 3, days: 21 },
      alreadySeen: { rule: 'KEEP', days: 9 },
      attributionWindowDays: 7,
    });
    const reset = settingsOf(
      await update('newcomers: { every: null }, alreadySeen: null, eventWeights: [{ type: VIEW }]'),
    );
    expect(reset).toMatchObject({
      newcomers: { every: 10, days: 21 },
      alreadySeen: { rule: 'LEARNED', days: null },
      attributionWindowDays: 7,
    });
    const weights = (reset['eventWeights'] as { type: string; weight: number }[]).map(
      ({ type, weight }) => [type, weight] as const,
    );
    expect(Object.fromEntries(weights)).toEqual({ ...defaultEventWeights, CLICK: 3 });
  });

  it('names every invalid value, and changes nothing', async () => {
    const bad = `newcomers: { every: -1, days: 30 }, retention: { interactionDays: 0 }, attributionWindowDays: 999,
      eventWeights: [{ type: VIEW, weight: 26 }, { type: CLICK, weight: 1 }, { type: CLICK, weight: 2 }]`;
    const payload = payloadOf<{
      shop: unknown;
      userErrors: { field: readonly string[]; code: string; message: string }[];
    }>(await update(bad), 'shopPolicyUpdate');
    expect(payload.shop).toBeNull();
    expect(payload.userErrors.map(({ field }) => field.join('.')).sort()).toEqual([
      'input.attributionWindowDays',
      'input.eventWeights.CLICK',
      'input.eventWeights.VIEW',
      'input.newcomers.every',
      'input.retention.interactionDays',
    ]);
    for (const { code, message } of payload.userErrors) {
      expect(code).toBe('INVALID');
      expect(message).toMatch(/^Expected .+; got .+\. .+\.$/);
    }
    expect(settingsOf(await update(''))).toMatchObject({ newcomers: { every: 10, days: 14 } });
  });

  const codeOf = ({ errors: [error] = [] }: GraphqlBody) => error?.extensions['code'];

  it.each(['SHOPPER', 'STOREFRONT', 'INGEST'])('is refused to a %s, as is the policy', async role => {
    expect(codeOf(await update('newcomers: { every: 1 }', role))).toBe('FORBIDDEN');
    expect(codeOf(await ask(sides[0], role, '{ shop { policy { attributionWindowDays } } }'))).toBe(
      'FORBIDDEN',
    );
  });

  it('lets a MERCHANDISER set everything except the retention', async () => {
    expect(settingsOf(await update('newcomers: { every: 1 }', 'MERCHANDISER'))).toMatchObject({
      newcomers: { every: 1 },
    });
    for (const retention of ['{ listDays: 1 }', 'null'])
      expect(codeOf(await update(`retention: ${retention}`, 'MERCHANDISER'))).toBe('FORBIDDEN');
    const shop = '{ shop { listRetentionDays interactionRetentionDays } }';
    await update('retention: { listDays: 5, interactionDays: 50 }');
    expect((await ask(sides[0], 'SHOPPER', shop)).data?.['shop']).toEqual({
      listRetentionDays: 5,
      interactionRetentionDays: 50,
    });
  });
});
