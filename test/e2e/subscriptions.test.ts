import { toShopId, toUserId } from '../../src/domain/ids';
import { createUnsubscribeLinks } from '../../src/main/http/unsubscribeLinks';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { storesByKind } from '../support/openedStores';

const shopId = toShopId('demo');

interface Channel {
  readonly channel: string;
  readonly isSubscribed: boolean | null;
  readonly isContactable: boolean;
  readonly source: string | null;
  readonly suppression: string | null;
  readonly unsubscribePath?: string;
}

describe.each(storesByKind)('subscriptions over stores in %s', (_name, open) => {
  let gateway: TestGateway;
  let storefront: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const opened = await open();
    gateway = await startTestGateway({ stores: opened.stores });
    close = () => gateway.close().then(opened.close);
    storefront = await gateway.token('STOREFRONT');
    const { users } = gateway.stores;
    const answer = (granted: boolean) => [{ purpose: 'MARKETING' as const, granted, source: 'test' }];
    const ids = ['nia', 'ola', 'pam', 'quin'];
    await users.upsertMany(
      shopId,
      ids.map((id, at) => ({ id: toUserId(id), ...(at > 0 && { consents: answer(at < 3) }) })),
      gateway.clock.now,
    );
  });
  afterAll(async () => {
    expect(gateway.unexpected).toEqual([]);
    await close();
  });

  const fields = 'channel isSubscribed isContactable source suppression';
  async function channelsOf(user: string, more = ''): Promise<ReadonlyMap<string, Channel>> {
    const { body } = await gateway.ask(
      storefront,
      `{ user(userId: "${user}") { subscriptions { ${fields} ${more} } } }`,
    );
    expect(body.errors).toBeUndefined();
    const data = body.data as unknown as { readonly user: { readonly subscriptions: readonly Channel[] } };
    const rows = data.user.subscriptions;
    return new Map(rows.map(row => [row.channel, row]));
  }
  const choose = async (token: string, input: string) => {
    const query = `mutation { subscriptionUpdate(input: { ${input} }) { subscriptions { ${fields} } userErrors { field code } } }`;
    return (await gateway.ask(token, query)).body;
  };
  const pathOf = async (user: string, channel: string): Promise<string> =>
    (await channelsOf(user, 'unsubscribePath')).get(channel)?.unsubscribePath ?? '';
  const post = (
    path: string,
    body = 'List-Unsubscribe=One-Click',
    type = 'application/x-www-form-urlencoded',
  ) => fetch(`${gateway.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });

  it('has every channel, each as the consent for MARKETING says until the shopper chooses', async () => {
    for (const [user, isContactable] of [
      ['nia', false],
      ['ola', true],
      ['quin', false],
    ] as const) {
      const channels = await channelsOf(user);
      expect([...channels.keys()]).toEqual(['EMAIL', 'SMS', 'PUSH', 'ONSITE', 'MAIL']);
      for (const channel of channels.values())
        expect(channel).toMatchObject({ isSubscribed: null, isContactable, source: null, suppression: null });
    }
  });

  it('stores the choice of a shopper for themselves, and of a server for one that it names', async () => {
    const nia = await gateway.token('SHOPPER', { user: 'nia' });
    const { data } = await choose(nia, 'channel: SMS, isSubscribed: true');
    expect(data?.['subscriptionUpdate']).toMatchObject({ userErrors: [] });
    expect((await channelsOf('nia')).get('SMS')).toMatchObject({
      isContactable: true,
      source: 'graphql:shopper',
    });
    expect((await channelsOf('nia')).get('EMAIL')?.isContactable).toBe(false);
    await choose(storefront, 'userId: "ola", channel: EMAIL, isSubscribed: false');
    expect((await channelsOf('ola')).get('EMAIL')).toMatchObject({
      isSubscribed: false,
      isContactable: false,
    });
    expect(
      (await choose(nia, 'userId: "ola", channel: SMS, isSubscribed: true')).errors?.[0].extensions['code'],
    ).toBe('FORBIDDEN');
    const nobody = await choose(storefront, 'channel: SMS, isSubscribed: true');
    expect(nobody.data?.['subscriptionUpdate']).toMatchObject({ userErrors: [{ code: 'USER_REQUIRED' }] });
    // A withdrawn consent forbids all channels, whatever is subscribed.
    await choose(storefront, 'userId: "quin", channel: SMS, isSubscribed: true');
    expect((await channelsOf('quin')).get('SMS')).toMatchObject({ isSubscribed: true, isContactable: false });
  });

  it('suppresses a channel that reported a bounce or a complaint, until it is lifted', async () => {
    const ingest = await gateway.token('INGEST');
    const report = (reason: string) =>
      gateway.ask(
        ingest,
        `mutation { suppressionUpdate(input: { userId: "pam", channel: EMAIL, suppression: ${reason} }) { suppressed userErrors { code } } }`,
      );
    expect((await report('COMPLAINT')).body.data).toEqual({
      suppressionUpdate: { suppressed: true, userErrors: [] },
    });
    await choose(storefront, 'userId: "pam", channel: EMAIL, isSubscribed: true');
    expect((await channelsOf('pam')).get('EMAIL')).toMatchObject({
      suppression: 'COMPLAINT',
      isContactable: false,
    });
    await report('null');
    expect((await channelsOf('pam')).get('EMAIL')).toMatchObject({ suppression: null, isContactable: true });
  });

  it('ends a subscription by one click, and by nothing less', async () => {
    const path = await pathOf('pam', 'SMS');
    expect(path).toMatch(/^\/unsubscribe\/[\w-]+\.[\w-]{43}$/);
    expect(path).not.toContain('pam');
    expect(await pathOf('pam', 'SMS')).toBe(path);
    expect(await pathOf('ola', 'SMS')).not.toBe(path);
    const page = await fetch(`${gateway.url}${path}`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(await page.text()).toContain('<form method="post">');
    expect((await post(path, 'List-Unsubscribe=No')).status).toBe(400);
    expect((await post(path, 'x'.repeat(5_000))).status).toBe(413);
    expect((await post(path, '{}', 'application/json')).status).toBe(400);
    expect((await channelsOf('pam')).get('SMS')?.isContactable).toBe(true);
    expect((await post(path)).status).toBe(200);
    expect((await channelsOf('pam')).get('SMS')).toMatchObject({
      ...{ isSubscribed: false, isContactable: false, source: 'one-click' },
    });
    expect((await channelsOf('pam')).get('EMAIL')?.isContactable).toBe(true);
    const form =
      '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    expect((await post(path, form, 'multipart/form-data; boundary=b')).status).toBe(200);
  });

  it('refuses addresses that it did not sign, without saying what exists', async () => {
    const path = await pathOf('ola', 'PUSH');
    const other = createUnsubscribeLinks('another-secret-of-32-characters-x').pathOf(
      '019cafe0-0000-7000-8000-000000000000',
    );
    const unknown = createUnsubscribeLinks('unsubscribe-test-secret-of-32-characters').pathOf('nothing');
    const forged = [
      `${path}x`,
      path.slice(0, -1),
      path.replace(/(.)\./, (_, last) => (last === '0' ? '1.' : '0.')),
      `${path}.a`,
      '/unsubscribe/a',
      other,
    ];
    const answers: string[] = [];
    for (const address of forged) {
      for (const response of [await fetch(`${gateway.url}${address}`), await post(`${address}`)]) {
        expect(response.status).toBe(404);
        answers.push(await response.text());
      }
    }
    const missing = await post(`${unknown}`);
    expect(missing.status).toBe(404);
    expect(new Set([...answers, await missing.text()]).size).toBe(1);
    expect((await channelsOf('ola')).get('PUSH')?.isContactable).toBe(true);
  });

  it('counts what was ended without personal data', async () => {
    const metrics = await gateway.metrics.registry.metrics();
    expect(metrics).toMatch(/affinity_unsubscribes_total 2\b/);
    for (const line of gateway.logLines) expect(line).not.toMatch(/unsubscribe\/[\w-]+\.|pam/);
  });
});

it('has no addresses without a secret, and other ones with another', () => {
  const none = createUnsubscribeLinks(null);
  expect(none.pathOf('a')).toBeNull();
  expect(none.idOf('a.b')).toBeNull();
  const [one, two] = ['1'.repeat(32), '2'.repeat(32)].map(createUnsubscribeLinks);
  const token = (path: string | null): string => path?.split('/')[2] ?? '';
  expect(one.idOf(token(one.pathOf('abc-1')))).toBe('abc-1');
  expect(two.idOf(token(one.pathOf('abc-1')))).toBeNull();
});
