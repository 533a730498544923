import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AllowedOrigins } from '../../src/main/http/cors';
import { describeWithBrowser, launchBrowser } from '../support/browser';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { startShopPage } from '../support/shopPage';

const root = join(__dirname, '..', '..');
const shop = 'https://shop.example';
const query = '{ shop { name } }';

async function withOrigins(
  corsOrigins: AllowedOrigins,
  use: (gateway: TestGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startTestGateway({ server: { corsOrigins } });
  try {
    await use(gateway);
  } finally {
    await gateway.close();
  }
}

const preflight = ({ url }: TestGateway, origin: string, path = '/graphql') =>
  fetch(`${url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const post = async (gateway: TestGateway, origin: string, token: string | null) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      origin,
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('a preflight', () => {
  it('of a listed origin is allowed, with methods, headers and an age', () =>
    withOrigins([shop, 'http://localhost:3000'], async gateway => {
      const { status, headers } = await preflight(gateway, shop);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(shop);
      expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
      expect(headers.get('access-control-allow-headers')).toMatch(/Authorization.*Content-Type/);
      expect(headers.get('access-control-max-age')).toBe('7200');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toContain('Origin');
    }));

  it.each([
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://a.shop.example',
    'null',
  ])('of another origin is refused in plain words: %s', origin =>
    withOrigins([shop], async gateway => {
      const response = await preflight(gateway, origin);
      expect([response.status, allowed(response)]).toEqual([403, null]);
      expect(await response.text()).toContain('AFFINITY_CORS_ORIGINS');
    }),
  );

  it('is refused while no origin is listed', () =>
    withOrigins([], async gateway => {
      expect((await preflight(gateway, shop)).status).toBe(403);
    }));

  it('of any origin is allowed with *', () =>
    withOrigins('*', async gateway => {
      expect(allowed(await preflight(gateway, 'https://anybody.example'))).toBe('*');
    }));

  it('of the playground is never allowed, because its credential is a cookie', async () => {
    execFileSync('node', ['scripts/buildWeb.mjs'], { cwd: root });
    const server = { corsOrigins: '*' as const, playgroundFolder: join(root, 'dist', 'web') };
    const gateway = await startTestGateway({ server });
    try {
      for (const path of ['/playground/graphql', '/playground/session', '/metrics'])
        expect(allowed(await preflight(gateway, shop, path))).toBeNull();
    } finally {
      await gateway.close();
    }
  });
});

describe('a response', () => {
  it('to a listed origin can be read by its pages, also when it is a refusal', () =>
    withOrigins([shop], async gateway => {
      const good = await post(gateway, shop, await gateway.token('STOREFRONT'));
      expect([good.status, allowed(good)]).toEqual([200, shop]);
      for (const name of ['ETag', 'Retry-After', 'X-Request-Id'])
        expect(good.headers.get('access-control-expose-headers')).toContain(name);
      const refused = await post(gateway, shop, null);
      expect([refused.status, allowed(refused)]).toEqual([401, shop]);
    }));

  it('to another origin is not readable, and to servers it is as before', () =>
    withOrigins([shop], async gateway => {
      const response = await post(gateway, 'https://other.example', await gateway.token('STOREFRONT'));
      expect([response.status, allowed(response)]).toEqual([200, null]);
    }));
});

describe('a GET with a credential in its header', () => {
  const get = (gateway: TestGateway, document: string, headers: Record<string, string>) =>
    fetch(`${gateway.url}/graphql?query=${encodeURIComponent(document)}`, { headers });

  it('is no forged request: the default of urql works', () =>
    withOrigins([], async gateway => {
      const authorization = `Bearer ${await gateway.token('STOREFRONT')}`;
      const response = await get(gateway, query, { authorization, accept: 'application/json' });
      expect(await response.json()).toEqual({ data: { shop: { name: 'Shop demo' } } });
    }));

  it('may not change anything', () =>
    withOrigins([], async gateway => {
      const authorization = `Bearer ${await gateway.token('ADMIN')}`;
      const mutation = 'mutation { apiKeyRevoke(keyId: "1") { revoked } }';
      const response = await get(gateway, mutation, { authorization });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }));

  it('is refused without it', () =>
    withOrigins([], async gateway => {
      for (const headers of [{}, { authorization: '' }, { cookie: 'a=b' }])
        expect((await get(gateway, query, headers)).status).toBe(400);
    }));
});

describeWithBrowser('a page of another origin in a browser', () => {
  let browser: Browser;
  let page: Page;
  let shopPage: Awaited<ReturnType<typeof startShopPage>>;
  beforeAll(async () => {
    browser = await launchBrowser();
    shopPage = await startShopPage();
    page = await browser.newPage();
    await page.goto(shopPage.origin);
  });
  afterAll(async () => {
    await browser.close();
    shopPage.server.close();
  });

  /** Calls the gateway from the page, and returns what its script could read. */
  const callFromPage = (url: string, token: string, method: 'GET' | 'POST') =>
    page.evaluate(
      async ([base, credential, how, document]) => {
        const headers = { authorization: `Bearer ${credential}` };
        const init =
          how === 'GET'
            ? { headers }
            : {
                method: 'POST',
                headers: { ...headers, 'content-type': 'application/json' },
                body: JSON.stringify({ query: document }),
              };
        const address =
          how === 'GET' ? `${base}/graphql?query=${encodeURIComponent(document)}` : `${base}/graphql`;
        try {
          const response = await fetch(address, init);
          return {
            status: response.status,
            text: await response.text(),
            requestId: response.headers.get('x-request-id'),
          };
        } catch (error) {
          return { status: 0, text: String(error), requestId: null };
        }
      },
      [url, token, method, query] as const,
    );

  it.each(['GET', 'POST'] as const)('calls the gateway with %s when its origin is listed', method =>
    withOrigins([shopPage.origin], async gateway => {
      const seen = await callFromPage(gateway.url, await gateway.token('STOREFRONT'), method);
      expect([seen.status, JSON.parse(seen.text)]).toEqual([200, { data: { shop: { name: 'Shop demo' } } }]);
      expect(seen.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }),
  );

  it('reads why its credential was refused', () =>
    withOrigins([shopPage.origin], async gateway => {
      const seen = await callFromPage(gateway.url, 'nonsense', 'POST');
      expect([seen.status, seen.text]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
    }));

  it('calls nothing when its origin is not listed', () =>
    withOrigins([shop], async gateway => {
      const token = await gateway.token('STOREFRONT');
      gateway.counting.reset();
      expect((await callFromPage(gateway.url, token, 'POST')).status).toBe(0);
      expect(gateway.counting.calls).toEqual([]);
    }));
});
