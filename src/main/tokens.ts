import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { GatewayError } from '../domain/errors';
import type { ShopId, UserId } from '../domain/ids';
import type { Role } from '../domain/role';
import { openDataFolder } from '../store/prisma/embedded/dataFolder';
import type { Config } from './config';
import type { JwtSettings } from './http/jwt';

/** Subject of a token. */
export interface TokenSubject {
  readonly shopId: ShopId;
  readonly role: Role;
  /** The shopper, for the role SHOPPER; null for other roles. */
  readonly userId: UserId | null;
}

/** Returns the development secret of this machine; generated once, readable by its owner only. */
async function developmentSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret');
  const kept = await readFile(path, 'utf8').catch(() => null);
  if (kept !== null && kept.trim().length >= 32) return kept.trim();
  await openDataFolder(dataDir);
  const unfinished = `${path}.${randomUUID()}.new`;
  await writeFile(unfinished, randomBytes(32).toString('base64url'), { mode: 0o600 });
  // A process that was killed while it wrote the file left an unusable one.
  if (kept !== null) await rename(unfinished, path);
  // The first of several processes decides. The file is complete once it has its name.
  else
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  await rm(unfinished, { force: true });
  return (await readFile(path, 'utf8')).trim();
}

/** Returns the keys of this process: JWKS, the configured secret, or in development one generated in the data folder. */
export async function jwtSettingsOf(config: Config): Promise<JwtSettings> {
  const { jwtIssuer: issuer, jwtAudience: audience, jwksUrl, jwksMaxAgeSeconds, jwtSecret } = config;
  if (jwksUrl !== null)
    return { issuer, audience, keys: { kind: 'jwksUrl', url: jwksUrl, maxAgeSeconds: jwksMaxAgeSeconds } };
  const secret = jwtSecret ?? (await developmentSecret(config.dataDir));
  return { issuer, audience, keys: { kind: 'secret', secret } };
}

/**
 * Signs a token, for development and for servers that hold the secret.
 *
 * @param lifeSeconds - lifetime of the token
 * @throws {GatewayError} CONFIG_INVALID when tokens are verified with public keys, as only the owner of the private key can sign
 */
export async function signToken(
  { issuer, audience, keys }: JwtSettings,
  { shopId, role, userId }: TokenSubject,
  lifeSeconds: number,
): Promise<string> {
  if (keys.kind !== 'secret') {
    const message =
      'Expected AFFINITY_JWT_SECRET to sign with; got public keys. Get tokens from your identity provider.';
    throw new GatewayError('CONFIG_INVALID', message);
  }
  const token = new SignJWT({ shop: shopId, role })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${lifeSeconds} seconds`);
  if (userId !== null) token.setSubject(userId);
  return token.sign(new TextEncoder().encode(keys.secret));
}
