import { createHash } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { toShopId } from '../../src/domain/ids';
import type { Role } from '../../src/domain/role';
import { newApiKey } from '../../src/graphql/apiKey/apiKeySecret';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';
import { tokenFor } from '../support/tokens';

const query = '{ shop { shopId } }';
const demo = toShopId('demo');

const outcome = ({ status, body }: Answer): string => {
  const code = body.errors?.[0]?.extensions['code'];
  return code === undefined ? `${status}` : `${status} ${String(code)}`;
};
const refused = '401 UNAUTHENTICATED';

async function withHeader(gateway: TestGateway, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as Answer['body'],
  };
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const seconds = () => Math.floor(gateway.clock.now / 1000);

describe('tokens signed with the secret', () => {
  it('accepts a valid token', async () => {
    const answer = await gateway.ask(await gateway.token('STOREFRONT'), query);
    expect(answer.body).toEqual({ data: { shop: { shopId: 'demo' } } });
  });

  it.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['a scheme without a token', { authorization: 'Bearer' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a token without a scheme', { authorization: 'eyJhbGciOiJIUzI1NiJ9.e30.x' }],
    ['two tokens', { authorization: 'Bearer a, Bearer b' }],
    ['three dots of nothing', { authorization: 'Bearer a.b.c' }],
    ['a very long token', { authorization: `Bearer ${'a'.repeat(9000)}` }],
    ['a role in a header', { 'x-role': 'ADMIN', 'x-hasura-role': 'admin' }],
  ])('refuses %s', async (_what, headers) => {
    const answer = await withHeader(gateway, headers);
    expect(outcome(answer)).toBe(refused);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['expired', () => ({ exp: seconds() - 61 })],
    ['not yet valid', () => ({ nbf: seconds() + 61 })],
    ['with an end in milliseconds', () => ({ exp: gateway.clock.now + 3_600_000 })],
    ['that ends in more than 400 days', () => ({ exp: seconds() + 401 * 86_400 })],
    ['with an end that is a text', () => ({ exp: '2030-01-01T00:00:00Z' })],
    ['issued in the future', () => ({ iat: seconds() + 61 })],
    ['issued at a time in milliseconds', () => ({ iat: gateway.clock.now })],
    ['of another issuer', () => ({ iss: 'somebody' })],
    ['for another audience', () => ({ aud: 'somebody' })],
    ['without an end', () => ({ exp: undefined })],
    ['without an issuer', () => ({ iss: undefined })],
    ['without an audience', () => ({ aud: undefined })],
    ['without a shop', () => ({ shop: undefined })],
    ['of a role that is none', () => ({ role: 'ROOT' })],
    ['of many roles', () => ({ role: ['SHOPPER', 'ADMIN'] })],
    ['of a shopper without a name', () => ({ role: 'SHOPPER', sub: undefined })],
    ['of a shopper whose id has a blank before it', () => ({ role: 'SHOPPER', sub: ' anna' })],
    ['of a shopper whose id is not normalized', () => ({ role: 'SHOPPER', sub: 'e\u0301lise' })],
    ['of a shopper whose id has a line end', () => ({ role: 'SHOPPER', sub: 'an\nna' })],
    ['of a shopper whose id has a NUL', () => ({ role: 'SHOPPER', sub: 'an\0na' })],
    ['of a shopper whose id has half of a surrogate pair', () => ({ role: 'SHOPPER', sub: 'anna\ud83d' })],
    ['of a shopper whose id is too long', () => ({ role: 'SHOPPER', sub: '茶'.repeat(257) })],
    ['for refreshing', () => ({ token_use: 'refresh' })],
    ['about an identity', () => ({ token_use: 'id' })],
    ['of no stated use', () => ({ token_use: undefined })],
  ])('refuses a token %s', async (_what, claims) => {
    const token = await tokenFor(gateway.clock.now, 'STOREFRONT', {}, { claims: claims() });
    expect(outcome(await gateway.ask(token, query))).toBe(refused);
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['that ends in 399 days', () => ({ exp: seconds() + 399 * 86_400 })],
    ['without the time of issue', () => ({ iat: undefined })],
    ['issued twenty seconds ahead', () => ({ iat: seconds() + 20 })],
    ['expired half a minute ago', () => ({ exp: seconds() - 20 })],
    ['of the type at+jwt and no stated use', () => ({ token_use: undefined })],
  ])('accepts a token %s', async (_what, claims) => {
    const changes = { claims: claims(), header: { typ: 'at+jwt' } };
    expect(
      outcome(await gateway.ask(await tokenFor(gateway.clock.now, 'STOREFRONT', {}, changes), query)),
    ).toBe('200');
  });
});

describe('forged tokens', () => {
  it('names the mistake of a token whose end is in milliseconds', async () => {
    const token = await tokenFor(gateway.clock.now, 'ADMIN', {}, { claims: { exp: gateway.clock.now + 1 } });
    const answer = await gateway.ask(token, query);
    expect(answer.body.errors?.[0].message).toMatch(/more than 400 days ahead .*seconds, not milliseconds/);
  });

  it.each([
    ['a path as key id', { kid: '../../../../dev/null' }],
    ['an injection as key id', { kid: "x' UNION SELECT 'secret" }],
    ['a key in its header', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }],
    ['the address of a key', { jku: 'http://127.0.0.1:1/keys', kid: 'mine' }],
  ])('verifies a token with %s like any other: by the secret of the gateway', async (_what, header) => {
    const secret = 'a secret of the attacker, of 32 bytes or more';
    const forged = await tokenFor(gateway.clock.now, 'ADMIN', {}, { secret, header });
    expect(outcome(await gateway.ask(forged, query))).toBe(refused);
    const good = await tokenFor(gateway.clock.now, 'ADMIN', {}, { header });
    expect(outcome(await gateway.ask(good, query))).toBe('200');
  });

  it('refuses a token signed with another secret', async () => {
    const token = await tokenFor(
      gateway.clock.now,
      'ADMIN',
      {},
      { secret: 'another secret, also of 32 bytes or more' },
    );
    expect(outcome(await gateway.ask(token, query))).toBe(refused);
  });

  it.each(['none', 'None', 'HS384', 'HS512'])('refuses the algorithm %s', async algorithm => {
    const good = (await gateway.token('ADMIN')).split('.');
    const header = Buffer.from(JSON.stringify({ alg: algorithm })).toString('base64url');
    for (const signature of ['', good[2]]) {
      expect(outcome(await gateway.ask(`${header}.${good[1]}.${signature}`, query))).toBe(refused);
    }
  });

  it('refuses a token whose role was changed after it was signed', async () => {
    const [header, payload, signature] = (await gateway.token('SHOPPER', { user: 'anna' })).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, role: 'ADMIN' })).toString('base64url');
    expect(outcome(await gateway.ask(`${header}.${forged}.${signature}`, query))).toBe(refused);
  });

  it('does not read a role from a header', async () => {
    const token = await gateway.token('SHOPPER', { user: 'anna' });
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-role': 'ADMIN',
        'x-user-id': 'ben',
      },
      body: JSON.stringify({ query: '{ viewer { role user { userId } } }' }),
    });
    expect(await response.json()).toEqual({
      data: { viewer: { role: 'SHOPPER', user: { userId: 'anna' } } },
    });
  });

  it('refuses an expired token, although it was cached as valid', async () => {
    const token = await tokenFor(gateway.clock.now, 'STOREFRONT', {}, { claims: { exp: seconds() + 5 } });
    expect(outcome(await gateway.ask(token, query))).toBe('200');
    gateway.clock.now += 60_000;
    expect(outcome(await gateway.ask(token, query))).toBe(refused);
  });
});

describe('tokens signed with a private key', () => {
  it('accepts RS256, ES256 and EdDSA with the published keys, and nothing else', async () => {
    const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;
    const pairs = await Promise.all(
      algorithms.map(algorithm => generateKeyPair(algorithm, { extractable: true })),
    );
    const jwks = {
      keys: await Promise.all(
        pairs.map(async ({ publicKey }, index) => ({
          ...(await exportJWK(publicKey)),
          kid: algorithms[index],
          alg: algorithms[index],
        })),
      ),
    };
    const keyed = await startTestGateway({
      jwt: { keys: { kind: 'jwks', jwks }, issuer: 'affinity', audience: 'affinity' },
    });
    const claims = {
      iss: 'affinity',
      aud: 'affinity',
      exp: Math.floor(keyed.clock.now / 1000) + 60,
      token_use: 'access',
      shop: 'demo',
      role: 'ADMIN',
    };
    const sign = (alg: string, kid: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
    try {
      for (const [index, algorithm] of algorithms.entries()) {
        const token = await sign(algorithm, algorithm, pairs[index].privateKey);
        expect([algorithm, outcome(await keyed.ask(token, query))]).toEqual([algorithm, '200']);
      }
      const unknownKid = await sign('RS256', 'yesterday', pairs[0].privateKey);
      const wrongKid = await sign('RS256', 'ES256', pairs[0].privateKey);
      const stranger = await sign('RS256', 'RS256', (await generateKeyPair('RS256')).privateKey);
      // Key confusion: a public key is not secret, so an HMAC with it proves nothing.
      const confused = await sign(
        'HS256',
        'RS256',
        new TextEncoder().encode(await exportSPKI(pairs[0].publicKey)),
      );
      const withSecret = await tokenFor(keyed.clock.now, 'ADMIN');
      for (const token of [unknownKid, wrongKid, stranger, confused, withSecret]) {
        expect(outcome(await keyed.ask(token, query))).toBe(refused);
      }
    } finally {
      await keyed.close();
    }
  });

  it('returns UNAVAILABLE, and no refusal, while the keys cannot be fetched', async () => {
    const keyless = await startTestGateway({
      jwt: {
        keys: { kind: 'jwksUrl', url: 'http://127.0.0.1:1/jwks', maxAgeSeconds: 60 },
        issuer: 'affinity',
        audience: 'affinity',
      },
    });
    try {
      const { privateKey } = await generateKeyPair('RS256');
      const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
      expect(outcome(await keyless.ask(token, query))).toBe('503 UNAVAILABLE');
    } finally {
      await keyless.close();
    }
  });
});

async function insertKey(
  changes: { expiresAt?: number; role?: Role; shop?: string } = {},
): Promise<{ id: string; key: string }> {
  const { id, key, secretHash } = newApiKey();
  const { expiresAt = null, role = 'STOREFRONT', shop = 'demo' } = changes;
  const times = { createdAt: gateway.clock.now, expiresAt, revokedAt: null, lastUsedAt: null };
  await gateway.stores.apiKeys.insert({
    shopId: toShopId(shop),
    id,
    label: 'test',
    role,
    secretHash,
    ...times,
  });
  return { id, key };
}

describe('API keys', () => {
  it('accepts a valid key, within its own shop', async () => {
    const { key } = await insertKey({ shop: 'rival' });
    expect((await gateway.ask(key, query)).body.data).toEqual({ shop: { shopId: 'rival' } });
  });

  it('returns the same error for an unknown id, a wrong secret, and an expired, revoked or malformed key', async () => {
    const good = await insertKey();
    const other = await insertKey();
    const expired = await insertKey({ expiresAt: gateway.clock.now - 1 });
    const revoked = await insertKey();
    await gateway.stores.apiKeys.revoke(demo, revoked.id, gateway.clock.now);
    const wrongSecret = `aff_${good.id}_${other.key.slice(-43)}`;
    const unknownId = `aff_0123456789abcdef_${other.key.slice(-43)}`;
    const answers = await Promise.all(
      [unknownId, wrongSecret, expired.key, revoked.key, 'aff_x', `${good.key}x`].map(key =>
        gateway.ask(key, query),
      ),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(outcome))).toEqual(new Set([refused]));
  });

  it('stores only the SHA-256 of a secret', async () => {
    const { id, key } = await insertKey();
    const record = await gateway.stores.apiKeys.findById(id);
    expect(Buffer.from(record?.secretHash ?? []).toString('hex')).toBe(
      createHash('sha256').update(key.slice(-43)).digest('hex'),
    );
  });

  it('stores the time of last use at most once per minute', async () => {
    const { key } = await insertKey();
    gateway.counting.reset();
    for (let call = 0; call < 5; call++) await gateway.ask(key, query);
    const touches = () => gateway.counting.calls.filter(call => call === 'apiKeys.touch').length;
    expect(touches()).toBe(1);
    gateway.clock.now += 61_000;
    await gateway.ask(key, query);
    expect(touches()).toBe(2);
  });
});

describe('API keys over GraphQL', () => {
  it('creates, lists and revokes keys; a revoked key is refused from the next request on', async () => {
    const admin = await gateway.token('ADMIN');
    const made = await gateway.ask(
      admin,
      'mutation { apiKeyCreate(input: { label: " feed ", role: STOREFRONT }) { key apiKey { keyId label role } userErrors { code } } }',
    );
    const { key, apiKey } = (
      made.body.data as never as { apiKeyCreate: { key: string; apiKey: { keyId: string; label: string } } }
    ).apiKeyCreate;
    expect(apiKey.label).toBe('feed');
    expect(outcome(await gateway.ask(key, query))).toBe('200');
    const listed = await gateway.ask(admin, '{ apiKeys { keyId label } }');
    expect(listed.text).toContain(apiKey.keyId);
    expect(listed.text).not.toContain(key.slice(-43));
    const foreign = await gateway.ask(
      await gateway.token('ADMIN', { shop: 'rival' }),
      `mutation { apiKeyRevoke(keyId: "${apiKey.keyId}") { revoked userErrors { code } } }`,
    );
    expect(foreign.body.data).toEqual({
      apiKeyRevoke: { revoked: false, userErrors: [{ code: 'NOT_FOUND' }] },
    });
    expect(outcome(await gateway.ask(key, query))).toBe('200');
    const revoked = await gateway.ask(
      admin,
      `mutation { apiKeyRevoke(keyId: "${apiKey.keyId}") { revoked userErrors { code } } }`,
    );
    expect(revoked.body.data).toEqual({ apiKeyRevoke: { revoked: true, userErrors: [] } });
    expect(outcome(await gateway.ask(key, query))).toBe(refused);
  });

  it('refuses a key for shoppers, without a label, or with an expiry in the past', async () => {
    const answer = await gateway.ask(
      await gateway.token('ADMIN'),
      `mutation { a: apiKeyCreate(input: { label: "x", role: SHOPPER }) { key userErrors { field code } }
        b: apiKeyCreate(input: { label: " ", role: INGEST }) { key userErrors { field code } }
        c: apiKeyCreate(input: { label: "x", role: INGEST, expiresAt: "2020-01-01T00:00:00Z" }) { key userErrors { field code } } }`,
    );
    const invalid = (field: string) => ({
      key: null,
      userErrors: [{ field: ['input', field], code: 'INVALID' }],
    });
    expect(answer.body.data).toEqual({ a: invalid('role'), b: invalid('label'), c: invalid('expiresAt') });
  });
});
