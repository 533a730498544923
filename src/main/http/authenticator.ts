import { GatewayError } from '../../domain/errors';
import type { ShopId, UserId } from '../../domain/ids';
import type { Principal } from '../../domain/role';
import { looksLikeApiKey } from '../../graphql/apiKey/apiKeySecret';
import type { Stores } from '../../store/ports/stores';
import { createApiKeyChecker } from './apiKeyChecker';
import { createExpiringCache } from './expiringCache';
import { type CheckedToken, createTokenChecker, type JwtSettings } from './jwt';

/** Identifies callers. */
export interface Authenticator {
  /**
   * @param authorization - the `Authorization` header; undefined when there is none
   * @returns null when no credential was given
   * @throws {GatewayError} UNAUTHENTICATED when the credential is not valid; UNAVAILABLE when it cannot be checked
   */
  authenticate(authorization: string | undefined): Promise<Principal | null>;
  forgetApiKey(id: string): void;
  forgetUser(shopId: ShopId, userId: UserId): void;
}

/** Dependencies of an authenticator. */
export interface AuthenticatorOptions {
  readonly jwt: JwtSettings;
  readonly stores: Pick<Stores, 'apiKeys' | 'users'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
}

/** A valid signature stays valid until the token expires. This limits how long a withdrawn signing key is trusted. */
const cachedTokenMs = 30_000;
const cachedUserMs = 5000;
const maxCachedEntries = 20_000;
const maxCredentialLength = 8192;
const bearer = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

function credentialOf(authorization: string): string {
  const match = authorization.length <= maxCredentialLength ? bearer.exec(authorization) : null;
  if (match !== null) return match[1];
  throw new GatewayError(
    'UNAUTHENTICATED',
    'Expected `Authorization: Bearer <token or API key>`; got another scheme or form. Correct the header.',
  );
}

const userKey = (shopId: ShopId, userId: UserId): string => `${shopId}\0${userId}`;

/** Refuses deactivated shoppers. Shoppers that the shop has not described are allowed. */
function createUserGate({ users }: Pick<Stores, 'users'>) {
  const active = createExpiringCache<boolean>(maxCachedEntries);

  async function isActive(shopId: ShopId, userId: UserId, now: number): Promise<boolean> {
    const key = userKey(shopId, userId);
    const cached = active.fresh(key, now);
    if (cached !== undefined) return cached;
    try {
      const user = (await users.findMany(shopId, [userId])).get(userId);
      const isUserActive = user === undefined || user.deactivatedAt === null || user.deactivatedAt > now;
      active.set(key, isUserActive, now + cachedUserMs);
      return isUserActive;
    } catch (error) {
      // While the database is unavailable, recently active users stay allowed: serving has fallbacks for that case.
      const last = active.stale(key);
      if (last === true && error instanceof GatewayError && error.code === 'UNAVAILABLE') return true;
      throw error;
    }
  }

  return {
    async check({ shopId, userId }: Principal, now: number): Promise<void> {
      if (userId === null || (await isActive(shopId, userId, now))) return;
      throw new GatewayError(
        'UNAUTHENTICATED',
        'Expected an active user; got a deactivated one. Ask the shop to reactivate the user.',
      );
    },
    forget: (shopId: ShopId, userId: UserId) => active.delete(userKey(shopId, userId)),
  };
}

/** Creates an authenticator that checks tokens and API keys, and caches the results for some seconds. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { jwt, stores, clock, onError } = options;
  const checkToken = createTokenChecker(jwt);
  const tokens = createExpiringCache<CheckedToken>(maxCachedEntries);
  const keys = createApiKeyChecker(stores.apiKeys, onError);
  const gate = createUserGate(stores);

  async function principalOfToken(token: string, now: number): Promise<Principal> {
    const cached = tokens.fresh(token, now);
    if (cached !== undefined) return cached.principal;
    const checked = await checkToken(token, now);
    tokens.set(token, checked, Math.min(now + cachedTokenMs, checked.expiresAt));
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
