import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../../support/browser';
import { pageBlocks } from '../../support/clientPage';
import { startTestGateway, type TestGateway } from '../../support/gateway';
import { startShopPage } from '../../support/shopPage';

/** What the module of the page gives the scripts of the shop. */
interface ShopWindow {
  readonly affinity: {
    ask(url: string, token: () => Promise<string>, query: string, variables?: object): Promise<object>;
    track(url: string, token: () => Promise<string>, event: object): Promise<object>;
  };
}

const [query] = pageBlocks('browser.md', 'graphql');
const [code] = pageBlocks('browser.md', 'js');

describeWithBrowser('the code of docs/clients/browser.md', () => {
  let browser: Browser;
  let shop: Awaited<ReturnType<typeof startShopPage>>;
  let gateway: TestGateway;
  let page: Page;
  let token: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    shop = await startShopPage();
    gateway = await startTestGateway({ server: { corsOrigins: [shop.origin] } });
    token = await gateway.token('SHOPPER', { user: 'anna' });
    page = await browser.newPage();
    await page.goto(shop.origin);
    await page.addScriptTag({
      type: 'module',
      content: `${code}\nglobalThis.affinity = { ask, track };`,
    });
    await page.waitForFunction('globalThis.affinity !== undefined');
  });
  afterAll(async () => {
    await browser.close();
    shop.server.close();
    await gateway.close();
  });

  it('reads recommendations in the locale of the shopper', async () => {
    const seen = await page.evaluate(
      ([url, credential, document]) =>
        (globalThis as unknown as ShopWindow).affinity.ask(url, async () => credential, document, {
          locale: 'zh-CN',
        }),
      [`${gateway.url}/graphql`, token, query] as const,
    );
    const title = expect.stringMatching(/^商品/);
    const nodes = [1, 2, 3, 4, 5, 6].map(rank => ({ rank, product: { title } }));
    expect(seen).toMatchObject({ status: 200, data: { viewer: { recommendations: { items: { nodes } } } } });
  });

  it('counts an event that is sent twice once', async () => {
    const send = () =>
      page.evaluate(
        ([url, credential]) => {
          const event = {
            eventId: 'tap-1',
            type: 'VIEW',
            productId: 'p04',
            occurredAt: '2026-03-01T11:59:00Z',
          };
          return (globalThis as unknown as ShopWindow).affinity.track(url, async () => credential, event);
        },
        [`${gateway.url}/graphql`, token] as const,
      );
    expect([await send(), await send()]).toMatchObject([
      { data: { eventsTrack: { accepted: 1, duplicates: 0 } } },
      { data: { eventsTrack: { accepted: 0, duplicates: 1 } } },
    ]);
  });

  it('reads why a request was refused', async () => {
    const seen = await page.evaluate(
      ([url, document]) =>
        (globalThis as unknown as ShopWindow).affinity.ask(url, async () => 'nonsense', document),
      [`${gateway.url}/graphql`, query] as const,
    );
    expect(seen).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});
