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

/** An authenticator with one user, whose state and clock the test sets. */
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

describe('a deactivated shopper', () => {
  it('is refused', async () => {
    const { state, signIn } = setUp();
    state.user = userAt(start - 1);
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused within five seconds when signed in', async () => {
    const { state, signIn } = setUp();
    await expect(signIn()).resolves.toMatchObject({ userId: anna, role: 'SHOPPER' });
    state.user = userAt(start - 1);
    await expect(signIn()).resolves.toMatchObject({ userId: anna });
    state.now += 5001;
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused immediately after forgetUser', async () => {
    const { state, authenticator, signIn } = setUp();
    await signIn();
    state.user = userAt(start - 1);
    authenticator.forgetUser(demo, anna);
    await expect(signIn()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

it('accepts a shopper that the shop has not described', async () => {
  const { state, signIn } = setUp();
  state.user = null;
  await expect(signIn()).resolves.toMatchObject({ userId: anna });
});

it('reads a shopper once per five seconds, not once per request', async () => {
  const { state, signIn } = setUp();
  for (let call = 0; call < 20; call++) await signIn();
  expect(state.reads).toBe(1);
});

describe('while the database is unavailable', () => {
  it('still accepts shoppers that were accepted before', async () => {
    const { state, signIn } = setUp();
    await signIn();
    state.isAway = true;
    state.now += 60_000;
    await expect(signIn()).resolves.toMatchObject({ userId: anna });
  });

  it('returns UNAVAILABLE for unknown shoppers, and still refuses refused ones', async () => {
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

it('returns null without a credential', async () => {
  await expect(setUp().authenticator.authenticate(undefined)).resolves.toBeNull();
});
