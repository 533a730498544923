import { SignJWT } from 'jose';
import type { Role } from '../../src/domain/role';
import type { JwtSettings } from '../../src/main/http/jwt';

const testSecret = 'a secret for tests only, 32 bytes at least';
export const testJwt: JwtSettings = {
  keys: { kind: 'secret', secret: testSecret },
  issuer: 'affinity',
  audience: 'affinity',
};

/** Changes to a valid token. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A token of a role in a shop; valid for an hour from `now` unless `changes` has another time. */
export async function tokenFor(
  now: number,
  role: Role | string,
  who: { readonly shop?: string; readonly user?: string } = {},
  changes: TokenChanges = {},
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const claims = {
    iss: testJwt.issuer,
    aud: testJwt.audience,
    iat: seconds,
    exp: seconds + 3600,
    token_use: 'access',
    shop: who.shop ?? 'demo',
    role,
    ...(who.user === undefined ? {} : { sub: who.user }),
    ...changes.claims,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', ...changes.header })
    .sign(new TextEncoder().encode(changes.secret ?? testSecret));
}
