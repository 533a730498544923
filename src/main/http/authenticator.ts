import { GatewayError } from '../../domain/errors';
import type { ShopId, UserId } from '../../domain/ids';
import type { Principal } from '../../domain/role';
import { looksLikeApiKey } from '../../graphql/apiKey/apiKeySecret';
import type { Stores } from '../../store/ports/stores';
import { createApiKeyChecker } from './apiKeyChecker';
import { type CheckedToken, createTokenChecker, type JwtSettings } from './jwt';
import { createShortMemory } from './shortMemory';

/** Says who is calling. */
export interface Authenticator {
  /**
   * @param authorization - the header of that name; undefined when there is none
   * @returns null when no credential was given
   * @throws {GatewayError} UNAUTHENTICATED when one was given and is no good; UNAVAILABLE when it cannot be checked
   */
  authenticate(authorization: string | undefined): Promise<Principal | null>;
  forgetApiKey(id: string): void;
  forgetUser(shopId: ShopId, userId: UserId): void;
}

/** What an authenticator needs. */
export interface AuthenticatorOptions {
  readonly jwt: JwtSettings;
  readonly stores: Pick<Stores, 'apiKeys' | 'users'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
}

/** A signature that was good stays good until the token ends; this bounds how long a withdrawn key is trusted. */
const rememberTokenMs = 30_000;
const rememberUserMs = 5000;
const remembered = 20_000;
const longestCredential = 8192;
const bearer = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

function credentialOf(authorization: string): string {
  const match = authorization.length <= longestCredential ? bearer.exec(authorization) : null;
  if (match !== null) return match[1];
  throw new GatewayError(
    'UNAUTHENTICATED',
    'Expected `Authorization: Bearer <token or API key>`; got another scheme or form.',
  );
}

const userKey = (shopId: ShopId, userId: UserId): string => `${shopId}\0${userId}`;

/** Refuses shoppers who were deactivated; those the shop never described may call. */
function createUserGate({ users }: Pick<Stores, 'users'>) {
  const active = createShortMemory<boolean>(remembered);

  async function isActive(shopId: ShopId, userId: UserId, now: number): Promise<boolean> {
    const key = userKey(shopId, userId);
    const known = active.fresh(key, now);
    if (known !== undefined) return known;
    try {
      const user = (await users.findMany(shopId, [userId])).get(userId);
      const answer = user === undefined || user.deactivatedAt === null || user.deactivatedAt > now;
      active.keep(key, answer, now + rememberUserMs);
      return answer;
    } catch (error) {
      // While the database is away, who was let in a moment ago may go on: serving has fallbacks, a locked door has none.
      const last = active.stale(key);
      if (last === true && error instanceof GatewayError && error.code === 'UNAVAILABLE') return true;
      throw error;
    }
  }

  return {
    async check({ shopId, userId }: Principal, now: number): Promise<void> {
      if (userId === null || (await isActive(shopId, userId, now))) return;
      throw new GatewayError('UNAUTHENTICATED', 'Expected an active user; this one was deactivated.');
    },
    forget: (shopId: ShopId, userId: UserId) => active.forget(userKey(shopId, userId)),
  };
}

/** Checks tokens and API keys, and remembers the answers for some seconds. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { jwt, stores, clock, onError } = options;
  const checkToken = createTokenChecker(jwt);
  const tokens = createShortMemory<CheckedToken>(remembered);
  const keys = createApiKeyChecker(stores.apiKeys, onError);
  const gate = createUserGate(stores);

  async function principalOfToken(token: string, now: number): Promise<Principal> {
    const known = tokens.fresh(token, now);
    if (known !== undefined) return known.principal;
    const checked = await checkToken(token, now);
    tokens.keep(token, checked, Math.min(now + rememberTokenMs, checked.expiresAt));
    return checked.principal;
  }

  return {
    async authenticate(authorization) {
      if (authorization === undefined) return null;
      const credential = credentialOf(authorization);
      const now = clock();
      if (looksLikeApiKey(credential)) return keys.check(credential, now);
      const principal = await principalOfToken(credential, now);
      await gate.check(principal, now);
      return principal;
    },
    forgetApiKey: keys.forget,
    forgetUser: gate.forget,
  };
}
