import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../support/browser';
import { startTestGateway, type TestGateway } from '../support/gateway';

const root = join(__dirname, '..', '..');
const ideMarks = /graphiql|__schema|codemirror/i;
let gateway: TestGateway;
beforeAll(async () => {
  execFileSync('node', ['scripts/buildWeb.mjs'], { cwd: root });
  gateway = await startTestGateway({ server: { playgroundFolder: join(root, 'dist', 'web') } });
});
afterAll(() => gateway.close());

const signIn = (token: string) =>
  fetch(`${gateway.url}/playground/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
    redirect: 'manual',
  });

describe('without a browser', () => {
  it('shows only a sign-in form without a session', async () => {
    const page = await (await fetch(`${gateway.url}/playground`)).text();
    expect(page).toContain('<form method="post" action="/playground/session">');
    expect(page).not.toMatch(ideMarks);
    for (const file of ['playground.js', 'playground.css']) {
      expect((await fetch(`${gateway.url}/playground/assets/${file}`)).status).toBe(404);
    }
  });

  it('is named at /', async () => {
    const page = await (await fetch(`${gateway.url}/`)).text();
    expect(page).toContain('href="/playground"');
  });

  it.each([
    ['SHOPPER', { user: 'anna' }],
    ['STOREFRONT', {}],
    ['INGEST', {}],
  ] as const)('refuses %s', async (role, who) => {
    const response = await signIn(await gateway.token(role, who));
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toContain('data-refused="yes"');
  });

  it('stores the token in a cookie that scripts cannot read and other sites cannot send', async () => {
    const response = await signIn(await gateway.token('MERCHANDISER'));
    expect(response.status).toBe(303);
    const cookie = response.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/playground']) expect(cookie).toContain(part);
    const headers = { cookie: cookie.split(';')[0] };
    expect(await (await fetch(`${gateway.url}/playground`, { headers })).text()).toContain('playground.js');
    const body = JSON.stringify({ query: '{ shop { name } }' });
    const post = { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } };
    expect((await fetch(`${gateway.url}/playground/graphql`, post)).status).toBe(200);
    // The cookie is valid for the playground only. A page of another origin cannot use it at /graphql.
    expect((await fetch(`${gateway.url}/graphql`, post)).status).toBe(401);
  });

  describe('requests by pages of other origins', () => {
    const own = () => new URL(gateway.url).origin;
    const from = async (path: string, headers: Record<string, string>) =>
      fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ token: await gateway.token('ADMIN') }),
        redirect: 'manual',
      });

    it.each<[string, Record<string, string>]>([
      ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
      ['another origin of the same site', { 'sec-fetch-site': 'same-site' }],
      ['another site, by a browser that sends only its origin', { origin: 'https://evil.example' }],
      ['a page that hides its origin', { origin: 'null' }],
      ['another port', { origin: 'http://127.0.0.1:1' }],
    ])('start and end no session: %s', async (_who, headers) => {
      for (const path of ['/playground/session', '/playground/signOut']) {
        const response = await from(path, headers);
        expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
        expect(await response.text()).toContain('page of this gateway');
      }
    });

    it('do not use the session', async () => {
      const cookie = ((await signIn(await gateway.token('ADMIN'))).headers.get('set-cookie') ?? '').split(
        ';',
      )[0];
      const headers = { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' };
      const body = '{"query":"{ shop { name } }"}';
      const response = await fetch(`${gateway.url}/playground/graphql`, { method: 'POST', headers, body });
      expect(response.status).toBe(403);
    });

    it.each<[string, () => Record<string, string>]>([
      ['its own page', () => ({ 'sec-fetch-site': 'same-origin', origin: own() })],
      ['its own page, over plain HTTP', () => ({ origin: own() })],
      ['no page', () => ({})],
    ])('unlike those of %s', async (_who, headers) => {
      expect((await from('/playground/session', headers())).status).toBe(303);
    });

    it('are told apart, because its pages name their origin', async () => {
      const { headers } = await fetch(`${gateway.url}/playground`);
      expect(headers.get('referrer-policy')).toBe('same-origin');
    });
  });

  it('loads nothing from other hosts, and its policy forbids it', async () => {
    const response = await signIn(await gateway.token('ADMIN'));
    const headers = { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] };
    const page = await fetch(`${gateway.url}/playground`, { headers });
    const links = (await page.text()).match(/(?:src|href|action)="(?!\/playground|data:)[^"]*/g);
    expect(links).toBeNull();
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:/);
  });
});

let browser: Browser;
const shot = async (page: Page, name: string) => {
  const folder = process.env['AFFINITY_SCREENSHOTS'];
  if (folder === undefined) return;
  // CodeMirror draws its fold markers 600 ms after the last change.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

/** What a page's scripts see and Node does not have. */
interface PageGlobals {
  readonly localStorage: { getItem(key: string): string | null };
}

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

async function openPlayground(
  token: string,
  options = desktop,
): Promise<{ page: Page; problems: string[]; hosts: Set<string> }> {
  const page = await browser.newPage(options);
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', error => problems.push(String(error)));
  page.on('request', request => hosts.add(new URL(request.url()).origin));
  await page.goto(`${gateway.url}/playground`);
  await page.getByLabel('Token or API key').fill(token);
  await shot(page, 'signIn');
  await page.getByRole('button', { name: 'Sign in' }).click();
  return { page, problems, hosts };
}

describeWithBrowser('in a browser', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each([
    [
      'MERCHANDISER',
      ['Recommendations', 'BuyAgain', 'Similar', 'Shopper', 'Tags', 'Products', 'Campaigns', 'Models'],
    ],
    [
      'ADMIN',
      [
        'Recommendations',
        'BuyAgain',
        'Similar',
        'Shopper',
        'Track',
        'Tags',
        'Products',
        'Campaigns',
        'Models',
      ],
    ],
  ] as const)('signs in as %s, opens the examples in tabs, and runs each', async (role, expected) => {
    const { page, problems, hosts } = await openPlayground(await gateway.token(role));
    const tabs = page.locator('.graphiql-tab-button');
    await tabs.first().waitFor();
    const names = await tabs.allTextContents();
    expect(names.map(name => name.trim())).toEqual(expected);
    await page.locator('.graphiql-editor-tool').getByText('"anna"').waitFor();
    for (const [index, name] of names.entries()) {
      await tabs.nth(index).click();
      const answered = page.waitForResponse(response => {
        const sent = response.request().postData() ?? '';
        return (
          response.url().endsWith('/playground/graphql') &&
          new RegExp(`(query|mutation) ${name.trim()}\\b`).test(sent)
        );
      });
      await page.locator('.graphiql-execute-button').click();
      const body = (await (await answered).json()) as { errors?: unknown; data?: unknown };
      expect([name, body.errors]).toEqual([name, undefined]);
      await page.locator('.result-window').getByText('"data"').waitFor();
      await shot(page, `tab-${name.trim()}`);
    }
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([gateway.url]);
    await page.close();
  });

  it('opens the same tabs after a reload, with the one that was active', async () => {
    const { page } = await openPlayground(await gateway.token('MERCHANDISER'));
    const tabs = page.locator('.graphiql-tab-button');
    await tabs.first().waitFor();
    const before = await tabs.allTextContents();
    // GraphiQL stores its tabs some time after a change: wait until the active tab is stored.
    await tabs.nth(5).click();
    await page.waitForFunction(() => {
      const { localStorage } = globalThis as unknown as PageGlobals;
      return JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}').activeTabIndex === 5;
    });
    await page.reload();
    await tabs.first().waitFor();
    expect(await tabs.allTextContents()).toEqual(before);
    expect(await page.locator('.graphiql-tab-active').textContent()).toContain('Products');
    await page.locator('.graphiql-query-editor').getByText('Products', { exact: true }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window').getByText('"products"').waitFor();
    await page.close();
  });

  it('shows the answer in the whole width of a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 } };
    const { page } = await openPlayground(await gateway.token('MERCHANDISER'), phone);
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window').getByText('"data"').waitFor();
    await shot(page, 'phone');
    const box = await page.locator('.result-window').boundingBox();
    expect(box?.width).toBeGreaterThan(250);
    expect(box?.height).toBeGreaterThan(250);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has a green run button in the %s theme', async colorScheme => {
    const { page } = await openPlayground(await gateway.token('MERCHANDISER'), { ...desktop, colorScheme });
    const button = page.locator('.graphiql-execute-button');
    await button.waitFor();
    await shot(page, `theme-${colorScheme}`);
    const style = `getComputedStyle(document.querySelector('.graphiql-execute-button')).backgroundColor`;
    const colour = String(await page.evaluate(style));
    const [red = 255, green = 0] = (colour.match(/\d+/g) ?? []).map(Number);
    expect(red).toBeLessThan(green);
    await page.close();
  });

  it('signs in with Enter', async () => {
    const page = await browser.newPage(desktop);
    await page.goto(`${gateway.url}/playground`);
    await page.getByLabel('Token or API key').fill(await gateway.token('MERCHANDISER'));
    await page.keyboard.press('Enter');
    await page.locator('.graphiql-tab-button').first().waitFor();
    await page.close();
  });

  it('shows the documentation of the schema', async () => {
    const { page } = await openPlayground(await gateway.token('MERCHANDISER'));
    await page.getByLabel('Show Documentation Explorer').click();
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Products of the shop, oldest first.').waitFor();
    await shot(page, 'documentation');
    await page.close();
  });

  it('explains why a token is refused, and signs out', async () => {
    const { page } = await openPlayground('nonsense');
    await page.getByText('This token was refused').waitFor();
    await shot(page, 'refused');
    await page.getByLabel('Token or API key').fill(await gateway.token('MERCHANDISER'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.close();
  });
});
