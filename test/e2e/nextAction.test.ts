import { toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

const demo = toShopId('demo');
const minute = 60_000;
let gateway: TestGateway;
let anna: string;
let staff: string;
beforeEach(async () => {
  gateway = await startTestGateway();
  anna = await gateway.token('SHOPPER', { user: 'anna' });
  staff = await gateway.token('MERCHANDISER');
});
afterEach(() => gateway.close());

const dataOf = (answer: Answer): never => {
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data as never;
};

interface Told {
  readonly degraded: string | null;
  readonly servedBy: string | null;
  readonly isSessionOpen: boolean;
  readonly categories: readonly { readonly path: readonly string[] }[];
  readonly prediction: Readonly<Record<string, never>> | null;
}

const fields = `degraded servedBy isSessionOpen categories { path probability } prediction { predictionId likeliest
  actions { action probability } expectedMinutes purchaseProbability abandonmentRisk modelVersion predictedAt lastEventAt
  returnProbability { within1Day within7Days within30Days } outcome outcomeAt expiresAt }`;

async function told(credential = anna): Promise<Told> {
  const data: { viewer: { user: { nextAction: Told } } } = dataOf(
    await gateway.ask(credential, `{ viewer { user { nextAction { ${fields} } } } }`),
  );
  return data.viewer.user.nextAction;
}

async function track(eventId: string, type: string, productId = 'p03'): Promise<void> {
  const answer = await gateway.ask(
    anna,
    'mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted } }',
    { input: { events: [{ eventId, type, productId }] } },
  );
  expect(dataOf(answer)).toEqual({ eventsTrack: { accepted: 1 } });
}

it('the next action reflects the latest event immediately', async () => {
  await track('e1', 'VIEW', 'p01');
  const first = await told();
  expect(first).toMatchObject({ degraded: null, servedBy: 'again', isSessionOpen: true });
  expect(first.categories).toEqual([{ path: ['Garden'], probability: 0.5 }]);
  expect(first.prediction).toMatchObject({
    ...{ likeliest: 'LEAVE', purchaseProbability: 0.25, abandonmentRisk: null, modelVersion: 'v1' },
    ...{ lastEventAt: '2026-03-01T12:00:00.000Z', predictedAt: '2026-03-01T12:00:00.000Z' },
    ...{ expiresAt: '2026-05-30T12:00:00.000Z', outcome: null, outcomeAt: null },
    returnProbability: { within1Day: 0.25, within7Days: 0.5, within30Days: 0.75 },
  });
  const actions = first.prediction?.['actions'] as unknown as { probability: number }[];
  expect(actions).toHaveLength(12);
  expect(actions.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  gateway.clock.now += minute;
  await track('e2', 'CART_ADD');
  expect((await told()).prediction).toMatchObject({ purchaseProbability: 0.75, abandonmentRisk: 0.5 });
});

it('the next action is null with a reason for shoppers without events or consent', async () => {
  const cleo = await gateway.token('SHOPPER', { user: 'cleo' });
  const nothing = { servedBy: null, isSessionOpen: false, categories: [], prediction: null };
  expect(await told(cleo)).toEqual({ ...nothing, degraded: 'COLD_START' });
  expect((await told()).prediction).not.toBeNull();
  dataOf(
    await gateway.ask(
      anna,
      'mutation { consentUpdate(input: { purpose: PERSONALIZATION, granted: false }) { userErrors { code } } }',
    ),
  );
  expect(await told()).toEqual({ ...nothing, degraded: 'CONSENT_WITHHELD' });
});

it('the next action passes over an event of a type that the model does not know', async () => {
  await track('r1', 'VIEW', 'p01');
  const before = (await told()).prediction;
  gateway.clock.now += minute;
  await track('r2', 'REVIEW', 'p01');
  const after = (await told()).prediction;
  expect(after?.['actions']).toEqual(before?.['actions']);
  expect(after?.['lastEventAt']).not.toEqual(before?.['lastEventAt']);
});

it('the next action is visible to the shopper and to staff only', async () => {
  const query = `{ user(userId: "ben") { nextAction { servedBy } nextActionPredictions { nodes { predictionId } } } }`;
  expect(dataOf(await gateway.ask(anna, query))).toEqual({ user: null });
  const storefront = await gateway.token('STOREFRONT');
  for (const credential of [staff, storefront])
    expect(dataOf(await gateway.ask(credential, query))).toMatchObject({
      user: { nextAction: { servedBy: 'again' } },
    });
});

it('the next action costs one read of consent and one of the latest events', async () => {
  await told();
  gateway.counting.reset();
  await told();
  expect([...gateway.counting.calls].sort()).toEqual([
    'interactions.recentWithSearchesOf',
    'users.findMany',
    'users.rightsOf',
  ]);
});

const shown = `{ viewer { user { nextActionPredictions(first: 2) { pageInfo { hasNextPage endCursor } nodes {
  predictionId likeliest outcome outcomeAt } } } } }`;
const quality = `query ($weeks: Int!) { modelQuality(model: "next-action", weeks: $weeks) { week startsAt modelVersion predictions
  accuracy logLoss ece bins { above upTo predictions meanProbability accuracy } } }`;

it('predictions are stored with their outcomes, and aggregated per week for staff only', async () => {
  for (const [index, type] of ['VIEW', 'VIEW', 'PURCHASE'].entries()) {
    await track(`e${index}`, type);
    await told();
    gateway.clock.now += minute;
  }
  gateway.clock.now += 60 * minute;
  staff = await gateway.token('MERCHANDISER');
  anna = await gateway.token('SHOPPER', { user: 'anna' });
  const data: { modelQuality: readonly Record<string, never>[] } = dataOf(
    await gateway.ask(staff, quality, { weeks: 2 }),
  );
  expect(data.modelQuality).toHaveLength(1);
  const [week] = data.modelQuality;
  // After Anna's six events, the predicted probabilities of the same action again are 1/8, 1/9 and 1/10; the rest is LEAVE.
  // LEAVE occurred once.
  expect(week).toMatchObject({ week: '2026-W09', startsAt: '2026-02-23T00:00:00.000Z', modelVersion: 'v1' });
  expect(week).toMatchObject({ predictions: 3, accuracy: 1 / 3 });
  const expected = -(Math.log(1 / 8) + Math.log(1e-15) + Math.log(9 / 10)) / 3;
  expect(week['logLoss']).toBeCloseTo(expected, 5);
  expect(week['bins']).toHaveLength(10);
  const kept: { viewer: { user: { nextActionPredictions: { nodes: unknown[]; pageInfo: unknown } } } } =
    dataOf(await gateway.ask(anna, shown));
  const { nodes, pageInfo } = kept.viewer.user.nextActionPredictions;
  expect(pageInfo).toMatchObject({ hasNextPage: true });
  expect(nodes).toMatchObject([
    { outcome: 'LEAVE', outcomeAt: '2026-03-01T12:32:00.000Z' },
    { outcome: 'PURCHASE', outcomeAt: '2026-03-01T12:02:00.000Z' },
  ]);
  const refused = await gateway.ask(anna, quality, { weeks: 2 });
  expect(refused.body.errors?.[0].extensions['code']).toBe('FORBIDDEN');
});

it('modelQuality refuses unsupported models and weeks out of range', async () => {
  for (const given of [
    'model: "popularity"',
    'model: "next-action", weeks: 0',
    'model: "next-action", weeks: 105',
  ]) {
    const answer = await gateway.ask(staff, `{ modelQuality(${given}) { week } }`);
    expect(answer.body.errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
  }
});

it('the next action ignores events of another shop with the same ids', async () => {
  await gateway.stores.interactions.insertMany([
    {
      ...{
        shopId: toShopId('rival'),
        id: toEventId('r'),
        userId: toUserId('anna'),
        productId: toProductId('p01'),
      },
      ...{
        type: 'CART_ADD',
        value: 1,
        priceMinor: null,
        queryText: null,
        sessionId: null,
        attribution: null,
      },
      ...{ occurredAt: gateway.clock.now, receivedAt: gateway.clock.now },
    },
  ]);
  expect((await told()).prediction).toMatchObject({ abandonmentRisk: null });
  const { rows } = await gateway.stores.predictions.pageOfUser(demo, toUserId('anna'), { first: 1 });
  expect(rows).toEqual([]);
});
