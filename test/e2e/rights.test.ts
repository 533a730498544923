import { toShopId, toUserId } from '../../src/domain/ids';
import type { ConsentPurpose } from '../../src/domain/user';
import { startTestGateway, type TestGateway } from '../support/gateway';

const demo = toShopId('demo');
const anna = toUserId('anna');

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.close());

async function ask<Data>(role: string, query: string, variables?: unknown, user?: string): Promise<Data> {
  const token = await gateway.token(role, user === undefined ? {} : { user });
  const { body } = await gateway.ask(token, query, variables);
  expect(body.errors).toBeUndefined();
  return body.data as Data;
}

const deactivate = (at: number | null = gateway.clock.now) =>
  gateway.stores.users.upsertMany(demo, [{ id: anna, deactivatedAt: at }], gateway.clock.now);

const trackQuery = `mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted rejected
  results { status code field message } } }`;
interface Tracked {
  readonly eventsTrack: {
    readonly accepted: number;
    readonly results: readonly {
      readonly status: string;
      readonly code: string | null;
      readonly message: string;
    }[];
  };
}
const track = async (role: string, eventId: string) => {
  const events = [
    { eventId, userId: 'anna', type: 'VIEW', productId: 'p01' },
    { eventId: `${eventId}-ben`, userId: 'ben', type: 'VIEW', productId: 'p01' },
  ];
  return (await ask<Tracked>(role, trackQuery, { input: { events } })).eventsTrack;
};

describe('events of a deactivated shopper', () => {
  it.each(['STOREFRONT', 'INGEST', 'ADMIN'])(
    'are rejected from %s, others of the batch are stored',
    async role => {
      await deactivate();
      const tracked = await track(role, 'e');
      expect(tracked.accepted).toBe(1);
      expect(tracked.results).toMatchObject([
        { status: 'REJECTED', code: 'USER_DEACTIVATED', field: 'userId' },
        { status: 'ACCEPTED', code: null },
      ]);
      expect(tracked.results[0].message).toMatch(/^Expected an active shopper; got a deactivated one\. /);
      expect(tracked.results[0].message).not.toContain('anna');
    },
  );

  it('are accepted again after the shopper was reactivated', async () => {
    await deactivate();
    await deactivate(null);
    expect((await track('STOREFRONT', 'e')).accepted).toBe(2);
  });
});

const withdraw = (purpose: ConsentPurpose) =>
  ask(
    'SHOPPER',
    `mutation { consentUpdate(input: { purpose: ${purpose}, granted: false }) { userErrors { code } } }`,
    undefined,
    'anna',
  );

describe('lists of a shopper', () => {
  const list = {
    shopId: demo,
    userId: anna,
    sourceProductId: null,
    placement: 'home',
    strategy: 'popularity',
    modelVersion: null,
    degraded: null,
    items: [],
  } as const;
  const listsOf = async (role: string) => {
    const query = '{ user(userId: "anna") { recommendationLists { nodes { listId } } } }';
    const user = role === 'SHOPPER' ? 'anna' : undefined;
    const data = await ask<{ user: { recommendationLists: { nodes: { listId: string }[] } } }>(
      role,
      query,
      undefined,
      user,
    );
    return data.user.recommendationLists.nodes.map(({ listId }) => listId);
  };
  beforeEach(async () => {
    const times = { createdAt: gateway.clock.now - 1, expiresAt: gateway.clock.now + 86_400_000 };
    await gateway.stores.recommendations.saveMany([{ ...list, ...times, id: 'before' as never }]);
  });

  it('are gone for everybody once the shopper withdraws PERSONALIZATION', async () => {
    expect(await listsOf('SHOPPER')).toEqual(['before']);
    await withdraw('PERSONALIZATION');
    for (const role of ['SHOPPER', 'STOREFRONT', 'MERCHANDISER', 'ADMIN'])
      expect(await listsOf(role)).toEqual([]);
  });

  it.each(['ANALYTICS', 'MARKETING'] as const)('stay when the shopper withdraws %s', async purpose => {
    await withdraw(purpose);
    expect(await listsOf('SHOPPER')).toEqual(['before']);
  });

  it('are gone once the shop deactivates the shopper', async () => {
    await deactivate();
    expect(await listsOf('ADMIN')).toEqual([]);
  });
});
