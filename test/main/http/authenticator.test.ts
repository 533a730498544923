import { GatewayError } from '../../../src/domain/errors';
import { toShopId, toUserId, type UserId } from '../../../src/domain/ids';
import type { User } from '../../../src/domain/user';
import { createAuthenticator } from '../../../src/main/http/authenticator';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { testJwt, tokenFor } from '../../support/tokens';

const start = Date.UTC(2026, 2, 1);
const demo = toShopId('demo');
const anna = toUserId('anna');

const userAt = (deactivatedAt: number | null): User => ({
  shopId: demo,
  id: anna,
  locale: null,
  attributes: {},
  isStub: false,
  createdAt: 0,
  updatedAt: 0,
  deactivatedAt,
});

/** An authenticator over a user whose state the test sets, with a clock it moves. */
function setUp() {
  const state = { now: start, user: userAt(null) as User | null, isAway: false, reads: 0 };
  const stores = createMemoryStores();
  const users = {
    ...stores.users,
    async findMany() {
      state.reads++;
      if (state.isAway) throw new GatewayError('UNAVAILABLE', 'The database is away.');
      return new Map<UserId, User>(state.user === null ? [] : [[anna, state.user]]);
    },
  };
  const authenticator = createAuthenticator({
    jwt: testJwt,
    stores: { apiKeys: stores.apiKeys, users },
    clock: () => state.now,
    onError: error => {
      throw error;
    },
  });
  const signIn = async () =>
    authenticator.authenticate(`Bearer ${await tokenFor(start, 'SHOPPER', { user: 'anna' })}`);
  return { state, authenticator, signIn };
}

describe('a shopper who was deactivated', () => {
  it('is refused', async () => {
    const { state, signIn } = setUp();
    state.user = userAt(start - 1);
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('while signed in is refused once the answer is five seconds old', async () => {
    const { state, signIn } = setUp();
    await expect(signIn()).resolves.toMatchObject({ userId: anna, role: 'SHOPPER' });
    state.user = userAt(start - 1);
    await expect(signIn()).resolves.toMatchObject({ userId: anna });
    state.now += 5001;
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused at once when told to forget', async () => {
    const { state, authenticator, signIn } = setUp();
    await signIn();
    state.user = userAt(start - 1);
    authenticator.forgetUser(demo, anna);
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

it('lets in a shopper the shop never described', async () => {
  const { state, signIn } = setUp();
  state.user = null;
  await expect(signIn()).resolves.toMatchObject({ userId: anna });
});

it('asks for a shopper once in five seconds, not once a request', async () => {
  const { state, signIn } = setUp();
  for (let call = 0; call < 20; call++) await signIn();
  expect(state.reads).toBe(1);
});

describe('while the database is away', () => {
  it('goes on letting in whom it let in before', async () => {
    const { state, signIn } = setUp();
    await signIn();
    state.isAway = true;
    state.now += 60_000;
    await expect(signIn()).resolves.toMatchObject({ userId: anna });
  });

  it('says so to whom it does not know, and lets nobody in whom it had refused', async () => {
    const { state, signIn } = setUp();
    state.isAway = true;
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    state.isAway = false;
    state.user = userAt(start - 1);
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    state.isAway = true;
    state.now += 60_000;
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

it('names nobody when there is no credential', async () => {
  await expect(setUp().authenticator.authenticate(undefined)).resolves.toBeNull();
});
