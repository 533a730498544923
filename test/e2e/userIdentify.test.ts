import { toShopId, toUserId } from '../../src/domain/ids';
import { list } from '../conformance/stores/promise';
import { startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.close());

const identifyQuery = `mutation ($input: UserIdentifyInput!) { userIdentify(input: $input) {
  identity { anonymousId userId mergedEvents mergedLists } userErrors { field code message } } }`;

interface Identified {
  readonly userIdentify: {
    readonly identity: { readonly mergedEvents: number; readonly mergedLists: number } | null;
    readonly userErrors: readonly { readonly field: readonly string[]; readonly code: string }[];
  };
}

async function identify(anonymousId: string, userId: string) {
  const { body } = await gateway.ask(await gateway.token('STOREFRONT'), identifyQuery, {
    input: { anonymousId, userId },
  });
  expect(body.errors).toBeUndefined();
  return (body.data as unknown as Identified).userIdentify;
}

const trackQuery = `mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) {
  accepted duplicates results { status code } } }`;

/** Sends one view with the visitor's or shopper's own token. */
async function view(user: string, eventId: string, productId: string) {
  const input = { events: [{ eventId, type: 'VIEW', productId }] };
  const { body } = await gateway.ask(await gateway.token('SHOPPER', { user }), trackQuery, { input });
  return body;
}

const historyOf = async (userId: string): Promise<readonly string[]> => {
  const query = `{ user(userId: "${userId}") { interactions { nodes { eventId } } } }`;
  const { body } = await gateway.ask(await gateway.token('ADMIN'), query);
  const { user } = body.data as unknown as {
    user: { interactions: { nodes: readonly { readonly eventId: string }[] } } | null;
  };
  return (user?.interactions.nodes ?? []).map(({ eventId }) => eventId);
};

describe('userIdentify', () => {
  it('gives the history and lists of a visitor to the shopper, once, and ends the id of the visitor', async () => {
    await view('visitor-1', 'tap-1', 'p01');
    await view('visitor-1', 'tap-2', 'p02');
    const visitorToken = await gateway.token('SHOPPER', { user: 'visitor-1' });
    const shown = '{ viewer { recommendations(first: 2) { listId items { nodes { productId } } } } }';
    expect((await gateway.ask(visitorToken, shown)).body.errors).toBeUndefined();
    await gateway.stores.recommendations.saveMany([
      list(toShopId('demo'), 'shown', { userId: toUserId('visitor-1') }),
    ]);

    expect(await identify('visitor-1', 'zoe')).toMatchObject({
      identity: { anonymousId: 'visitor-1', userId: 'zoe', mergedEvents: 2, mergedLists: 1 },
      userErrors: [],
    });
    expect([...(await historyOf('zoe'))].sort()).toEqual(['tap-1', 'tap-2']);
    expect(await historyOf('visitor-1')).toEqual([]);
    expect((await identify('visitor-1', 'zoe')).identity).toMatchObject({ mergedEvents: 2 });

    const refused = await gateway.ask(visitorToken, shown);
    expect(refused.body.errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('counts an event once that the phone sends again after the shopper signed in', async () => {
    await view('visitor-2', 'tap-1', 'p01');
    await identify('visitor-2', 'zoe');
    expect((await view('zoe', 'tap-1', 'p01')).data).toMatchObject({
      eventsTrack: { accepted: 0, duplicates: 1 },
    });
    expect(await historyOf('zoe')).toEqual(['tap-1']);
  });

  it('refuses another shopper, the same id twice, and ids that are none', async () => {
    await view('visitor-3', 'tap-1', 'p01');
    await identify('visitor-3', 'zoe');
    expect((await identify('visitor-3', 'anna')).userErrors).toMatchObject([
      { field: ['input', 'anonymousId'], code: 'IDENTIFIED_AS_ANOTHER' },
    ]);
    expect((await identify('anna', 'anna')).userErrors).toMatchObject([{ code: 'SAME_USER' }]);
    expect((await identify('', 'anna')).userErrors).toMatchObject([
      { field: ['input', 'anonymousId'], code: 'INVALID' },
    ]);
    for (const id of ['x'.repeat(257), ' visitor-3', 'visitor\t3', 'cafe\u0301'])
      expect((await identify(id, 'anna')).userErrors).toMatchObject([
        { field: ['input', 'anonymousId'], code: 'INVALID' },
      ]);
    expect(await historyOf('zoe')).toEqual(['tap-1']);
  });

  it.each(['STOREFRONT', 'ADMIN'] as const)(
    'has consents of the visitor refused from then on, and says what to send: %s',
    async role => {
      await view('visitor-4', 'tap-1', 'p01');
      await identify('visitor-4', 'zoe');
      const update = (userId: string) =>
        `mutation { consentUpdate(input: { purpose: MARKETING, granted: false, userId: "${userId}" }) {
          consents { granted } userErrors { field code message } } }`;
      const token = await gateway.token(role);
      const { body } = await gateway.ask(token, update('visitor-4'));
      expect(body.data).toEqual({
        consentUpdate: {
          consents: [],
          userErrors: [
            {
              field: ['input', 'userId'],
              code: 'USER_MERGED',
              message: expect.stringContaining('send the id under which the shopper signed in'),
            },
          ],
        },
      });
      expect(JSON.stringify(body)).not.toContain('zoe');
      expect((await gateway.ask(token, update('zoe'))).body.data).toMatchObject({
        consentUpdate: { consents: [{ granted: false }], userErrors: [] },
      });
    },
  );

  it.each([
    ['IGNORE_FAILED', ['REJECTED', 'CREATED'], []],
    ['REJECT_EVERYTHING', ['REJECTED', 'REJECTED'], [{ code: 'ROWS_REJECTED' }]],
  ])('has rows of the visitor refused from then on: %s', async (errorPolicy, statuses, userErrors) => {
    await view('visitor-5', 'tap-1', 'p01');
    await identify('visitor-5', 'zoe');
    const query = `mutation ($users: [UserInput!]!) { usersUpsert(input: { users: $users, errorPolicy: ${errorPolicy} }) {
      results { status code field message } userErrors { code } } }`;
    const consents = [{ purpose: 'ANALYTICS', granted: false }];
    const users = [{ userId: 'visitor-5', consents }, { userId: 'newcomer' }];
    const { body } = await gateway.ask(await gateway.token('ADMIN'), query, { users });
    const { usersUpsert } = body.data as unknown as {
      usersUpsert: { results: { status: string }[]; userErrors: unknown };
    };
    expect(usersUpsert.results.map(({ status }) => status)).toEqual(statuses);
    expect(usersUpsert.results[0]).toMatchObject({ code: 'USER_MERGED', field: 'userId' });
    expect(usersUpsert.userErrors).toEqual(userErrors);
    expect(JSON.stringify(body)).not.toContain('zoe');
  });

  it('is refused to a shopper, who could take over the history of another', async () => {
    const token = await gateway.token('SHOPPER', { user: 'zoe' });
    const { body } = await gateway.ask(token, identifyQuery, {
      input: { anonymousId: 'anna', userId: 'zoe' },
    });
    expect(body.errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });
});
