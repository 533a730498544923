import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { toShopId } from '../../../src/domain/ids';
import { newApiKey } from '../../../src/graphql/apiKey/apiKeySecret';
import { createAuthenticator } from '../../../src/main/http/authenticator';
import { createMemoryStores } from '../../../src/store/memory/stores';

const start = Date.UTC(2026, 2, 1);
const demo = toShopId('demo');
let now = start;
let served: JWK[] = [];
let fetches = 0;
let server: Server;

beforeAll(async () => {
  server = createServer((_request, response) => {
    fetches++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: served }));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise(done => server.close(done)));
beforeEach(() => {
  [now, fetches] = [start, 0];
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const fail = (error: unknown): never => {
  throw error;
};

/** An authenticator of a gateway, with the keys that the server publishes. */
function gateway(stores = createMemoryStores()) {
  const { port } = server.address() as AddressInfo;
  const keys = { kind: 'jwksUrl', url: `http://127.0.0.1:${port}/`, maxAgeSeconds: 60 } as const;
  const jwt = { keys, issuer: 'affinity', audience: 'affinity' };
  return createAuthenticator({ jwt, stores, clock: () => now, onError: fail });
}

/** Publishes a new key, and returns a function that signs a token with it. */
async function publishKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  served = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }];
  return async (): Promise<string> => {
    const token = await new SignJWT({ shop: 'demo', role: 'ADMIN', token_use: 'access', jti: `${now}` })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('affinity')
      .setAudience('affinity')
      .setExpirationTime(start / 1000 + 86_400)
      .sign(privateKey);
    return `Bearer ${token}`;
  };
}

describe('a signing key that is withdrawn', () => {
  it('verifies no new token once the keys are a minute old', async () => {
    const sign = await publishKey('first');
    const { authenticate } = gateway();
    await expect(authenticate(await sign())).resolves.toMatchObject({ role: 'ADMIN' });
    await publishKey('second');
    now += 59_000;
    await expect(authenticate(await sign())).resolves.toMatchObject({ role: 'ADMIN' });
    now += 2_000;
    await expect(authenticate(await sign())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends the tokens that were verified before within a minute and a half', async () => {
    const sign = await publishKey('first');
    const { authenticate } = gateway();
    await authenticate(await sign());
    await publishKey('second');
    now += 59_000;
    const late = await sign();
    await authenticate(late);
    now += 31_000;
    await expect(authenticate(late)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is fetched once a minute, not once per token', async () => {
    const sign = await publishKey('first');
    const { authenticate } = gateway();
    for (let token = 0; token < 10; token++) {
      now += 5_000;
      await authenticate(await sign());
    }
    expect(fetches).toBe(1);
  });

  it('accepts a new key at once, and fetches at most once in ten seconds for unknown ones', async () => {
    const signOld = await publishKey('first');
    const { authenticate } = gateway();
    await authenticate(await signOld());
    const signNew = await publishKey('second');
    now += 11_000;
    await expect(authenticate(await signNew())).resolves.toMatchObject({ role: 'ADMIN' });
    const signUnknown = await publishKey('third');
    served = [];
    for (let token = 0; token < 5; token++) {
      now += 1_000;
      await expect(authenticate(await signUnknown())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(fetches).toBe(2);
  });
});

describe('an API key that another gateway revokes', () => {
  it('is refused within five seconds', async () => {
    await publishKey('first');
    const stores = createMemoryStores();
    const { id, key, secretHash } = newApiKey();
    const times = { createdAt: start, expiresAt: null, revokedAt: null, lastUsedAt: start };
    await stores.apiKeys.insert({ shopId: demo, id, label: 'test', role: 'INGEST', secretHash, ...times });
    const [here, there] = [gateway(stores), gateway(stores)];
    for (const { authenticate } of [here, there]) {
      await expect(authenticate(`Bearer ${key}`)).resolves.toMatchObject({ role: 'INGEST' });
    }
    await stores.apiKeys.revoke(demo, id, now);
    here.forgetApiKey(id);
    await expect(here.authenticate(`Bearer ${key}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    now += 4_999;
    await expect(there.authenticate(`Bearer ${key}`)).resolves.toMatchObject({ role: 'INGEST' });
    now += 1;
    await expect(there.authenticate(`Bearer ${key}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
