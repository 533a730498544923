import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { GatewayError } from '../../domain/errors';
import { maxIdLength, toShopId, toUserId } from '../../domain/ids';
import { type Principal, type Role, roles } from '../../domain/role';
import { isRowId } from '../../intake/fields';

/** Keys that verify tokens. A gateway accepts either one secret or public keys, never both. */
export type JwtKeys =
  | { readonly kind: 'secret'; readonly secret: string }
  /** `maxAgeSeconds`: age at which the keys are fetched again, so that a withdrawn key verifies no token after it. */
  | { readonly kind: 'jwksUrl'; readonly url: string; readonly maxAgeSeconds: number }
  | { readonly kind: 'jwks'; readonly jwks: JSONWebKeySet };

/** Keys of the tokens, and the issuer and audience that every token must have. */
export interface JwtSettings {
  readonly keys: JwtKeys;
  readonly issuer: string;
  readonly audience: string;
}

/** A verified token. */
export interface CheckedToken {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Verifies a token. @throws {GatewayError} UNAUTHENTICATED, or UNAVAILABLE when the keys cannot be fetched */
export type TokenChecker = (token: string, now: number) => Promise<CheckedToken>;

/** Allowed difference between the clocks of two machines. */
const leewaySeconds = 30;
const secretAlgorithms = ['HS256'];
const publicAlgorithms = ['RS256', 'ES256', 'EdDSA'];
const keyFetchTimeoutMs = 2000;
/** Minimum time between fetches for tokens with an unknown key. */
const unknownKeyCooldownMs = 10_000;
/** Longest accepted time until a token expires. An `exp` in milliseconds lies thousands of years ahead. */
const maxTokenDays = 400;
const maxTokenSeconds = maxTokenDays * 86_400;

const refuse = (reason: string): GatewayError =>
  new GatewayError('UNAUTHENTICATED', `Expected a valid access token; ${reason}. Sign in again.`);

type Key = Uint8Array | JWTVerifyGetKey;

function keyOf(keys: JwtKeys): { readonly key: Key; readonly algorithms: string[] } {
  switch (keys.kind) {
    case 'secret':
      return { key: new TextEncoder().encode(keys.secret), algorithms: secretAlgorithms };
    case 'jwksUrl': {
      const key = createRemoteJWKSet(new URL(keys.url), {
        timeoutDuration: keyFetchTimeoutMs,
        cacheMaxAge: keys.maxAgeSeconds * 1000,
        cooldownDuration: unknownKeyCooldownMs,
      });
      return { key, algorithms: publicAlgorithms };
    }
    case 'jwks':
      return { key: createLocalJWKSet(keys.jwks), algorithms: publicAlgorithms };
  }
}

const isRole = (value: unknown): value is Role => (roles as readonly unknown[]).includes(value);
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxIdLength;

function toPrincipal({ shop, role, sub, jti }: JWTPayload): Principal {
  if (!isId(shop)) throw refuse('its claim `shop` is missing');
  if (!isRole(role)) throw refuse(`its claim \`role\` is not one of ${roles.join(', ')}`);
  if (role === 'SHOPPER' && !isRowId(sub)) throw refuse('its claim `sub` is not the id of a shopper');
  return Object.freeze({
    shopId: toShopId(shop),
    role,
    userId: role === 'SHOPPER' && isRowId(sub) ? toUserId(sub) : null,
    credentialId: isId(jti) ? `token:${jti}` : 'token',
  });
}

/** Accepts only access tokens, not refresh or identity tokens that the issuer signs with the same key. */
function checkUse(use: unknown, type: unknown): void {
  const isAccessType = type === 'at+jwt' || type === 'application/at+jwt';
  const isAccess = use === 'access' || (use === undefined && isAccessType);
  if (!isAccess) throw refuse('it is not an access token (`token_use: access`, or the type at+jwt)');
}

/** Refuses times that cannot be right: a token for years, and one that was issued or is valid only in the future. */
function checkTimes({ exp, iat }: JWTPayload, now: number): number {
  const seconds = now / 1000;
  if (typeof exp !== 'number') throw refuse('its claim `exp` is missing');
  if (exp - seconds > maxTokenSeconds) {
    throw refuse(
      `its claim \`exp\` is more than ${maxTokenDays} days ahead (it must be in seconds, not milliseconds)`,
    );
  }
  if (iat !== undefined && iat - seconds > leewaySeconds) throw refuse('its claim `iat` is in the future');
  return exp * 1000;
}

function whyRefused(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof errors.JWTExpired) return refuse('it has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return refuse(`its claim \`${error.claim}\` is not valid`);
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return new GatewayError(
      'UNAVAILABLE',
      'Expected to fetch the keys that verify tokens; the request failed. Try again later.',
      {},
      {
        cause: error,
      },
    );
  }
  return refuse('its form, algorithm or signature is not valid');
}

/** Creates a checker with pinned algorithms: HS256 for a secret; RS256, ES256 and EdDSA for public keys. */
export function createTokenChecker({ keys, issuer, audience }: JwtSettings): TokenChecker {
  const { key, algorithms } = keyOf(keys);
  const common: JWTVerifyOptions = {
    algorithms,
    issuer,
    audience,
    clockTolerance: leewaySeconds,
    requiredClaims: ['iss', 'aud', 'exp'],
  };
  return async (token, now) => {
    try {
      const options = { ...common, currentDate: new Date(now) };
      const { payload, protectedHeader } = await (typeof key === 'function'
        ? jwtVerify(token, key, options)
        : jwtVerify(token, key, options));
      checkUse(payload['token_use'], protectedHeader.typ);
      return { expiresAt: checkTimes(payload, now), principal: toPrincipal(payload) };
    } catch (error) {
      throw whyRefused(error);
    }
  };
}
