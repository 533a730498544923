import { type Client, type Exchange, gql, type TypedDocumentNode } from '@urql/core';
import type { persistedExchange } from '@urql/exchange-persisted';
import { parseManifest } from '../../../src/graphql/trusted/manifest';
import {
  type ClientFolder,
  createClientFolder,
  generatedClient,
  type Home,
  pageBlocks,
  type Tracked,
} from '../../support/clientPage';
import { unavailable } from '../../support/failures';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway';

interface Read<Data> {
  readonly data?: Data;
  readonly error?: {
    readonly graphQLErrors: readonly { readonly path: readonly string[]; readonly extensions: object }[];
  };
}
interface Page {
  createClient(url: string, token: () => string, exchanges?: readonly Exchange[]): Client;
  readHome(client: Client, locale: string): Promise<Read<Home>>;
  readGreeting(client: Client): Promise<Read<{ readonly viewer: { readonly user: object } }>>;
  readMore(
    client: Client,
    home: Home,
    locale: string,
  ): Promise<Pick<NonNullable<Home['viewer']['recommendations']>, 'items'> | null>;
  track(client: Client, variables: { readonly events: readonly object[] }): Promise<Read<Tracked>>;
  byHash(): ReturnType<typeof persistedExchange>;
}

let folder: ClientFolder;
let page: Page;
let documents: Readonly<Record<'HomeDocument' | 'GreetingDocument' | 'TrackDocument', TypedDocumentNode>>;
let manifest: (trusted: readonly TypedDocumentNode[]) => object;
beforeAll(() => {
  const [client, build] = pageBlocks('urql.md', 'ts');
  folder = createClientFolder({ 'client.ts': generatedClient(), 'page.ts': client, 'build.ts': build });
  page = folder.load('page.ts');
  documents = folder.load('client.ts');
  ({ manifest } = folder.load<{ manifest: typeof manifest }>('build.ts'));
});
afterAll(() => folder.remove());

interface Visit {
  readonly gateway: TestGateway;
  readonly client: Client;
  /** Method, query string and body of each request. */
  readonly sent: readonly string[];
}

/** Starts a gateway and a client of the shopper `anna`. */
async function visit(
  use: (visit: Visit) => Promise<void>,
  { exchanges = [], ...options }: TestGatewayOptions & { readonly exchanges?: readonly Exchange[] } = {},
): Promise<void> {
  const gateway = await startTestGateway(options);
  const token = await gateway.token('SHOPPER', { user: 'anna' });
  const sent: string[] = [];
  const send = jest.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
    sent.push(`${init?.method} ${new URL(String(address)).search} ${init?.body}`);
    return original(address, init);
  });
  try {
    await use({ gateway, sent, client: page.createClient(`${gateway.url}/graphql`, () => token, exchanges) });
  } finally {
    send.mockRestore();
    await gateway.close();
  }
}
const original = globalThis.fetch;

const homeOf = ({ data, error }: Read<Home>): Home => {
  expect(error).toBeUndefined();
  if (data === undefined) throw new Error('Expected data of Home; got none.');
  return data;
};
const methods = (sent: readonly string[]) => sent.map(request => request.split(' ')[0]);

describe('the code of docs/clients/urql.md', () => {
  it.each(['page.ts', 'build.ts'])('has the types of urql: %s', name => {
    expect(folder.typeErrors(name)).toEqual([]);
  });

  it('reads recommendations by GET, with the credential in a header, in the locale of the shopper', () =>
    visit(async ({ client, sent }) => {
      const home = homeOf(await page.readHome(client, 'zh-CN'));
      expect(home.viewer.recommendations?.items.nodes[0].product.title).toMatch(/^商品/);
      expect(methods(sent)).toEqual(['GET']);
    }));

  it('keeps in its cache what two components read of the viewer', () =>
    visit(async ({ client, sent }) => {
      const home = homeOf(await page.readHome(client, 'en'));
      expect((await page.readGreeting(client)).data).toMatchObject({ viewer: { user: { userId: 'anna' } } });
      expect(homeOf(await page.readHome(client, 'en'))).toEqual(home);
      expect(sent).toHaveLength(2);
    }));

  it('reads the next page of the same list, and null after the last', () =>
    visit(async ({ client }) => {
      const home = homeOf(await page.readHome(client, 'en'));
      const next = await page.readMore(client, home, 'en');
      expect(next?.items.nodes.map(({ rank }) => rank)).toEqual([4, 5, 6]);
      expect(next?.items.pageInfo.hasNextPage).toBe(false);
    }));

  it('goes on with the list of a cursor when the whole query is repeated', () =>
    visit(async ({ client }) => {
      const query = gql`query ($after: String) { viewer { id recommendations(first: 6) {
        listId items(first: 3, after: $after) { pageInfo { endCursor } nodes { listId rank } } } } }`;
      const read = async (after?: string) => (await client.query(query, { after }).toPromise()).data?.viewer;
      const { listId, items } = (await read()).recommendations;
      const next = (await read(items.pageInfo.endCursor)).recommendations;
      expect(next.items.nodes).toMatchObject([4, 5, 6].map(rank => ({ listId, rank })));
    }));

  it('counts an event that is sent twice once, and reads the lists again', () =>
    visit(async ({ client, sent }) => {
      const before = homeOf(await page.readHome(client, 'en'));
      const variables = { events: [{ eventId: 'tap-1', type: 'VIEW', productId: 'p04' }] };
      const first = await page.track(client, variables);
      const again = await page.track(client, variables);
      expect(
        [first, again].map(({ data }) => [data?.eventsTrack.accepted, data?.eventsTrack.duplicates]),
      ).toEqual([
        [1, 0],
        [0, 1],
      ]);
      const after = homeOf(await page.readHome(client, 'en'));
      expect(after.viewer.recommendations?.listId).not.toBe(before.viewer.recommendations?.listId);
      expect(methods(sent)).toEqual(['GET', 'POST', 'POST', 'GET']);
    }));

  it('gets the rest of the page when the recommendations fail', () =>
    visit(
      async ({ client }) => {
        const { data, error } = await page.readHome(client, 'en');
        expect(data?.viewer).toMatchObject({ id: expect.any(String), recommendations: null });
        expect(error?.graphQLErrors).toEqual([
          expect.objectContaining({
            path: ['viewer', 'recommendations'],
            extensions: expect.objectContaining({ code: 'UNAVAILABLE' }),
          }),
        ]);
      },
      { recommender: fake => ({ ...fake, recommend: unavailable }) },
    ));

  it('sends hashes in place of texts to a gateway with its manifest', async () => {
    const trusted = [documents.HomeDocument, documents.TrackDocument];
    const trustedDocuments = parseManifest(JSON.stringify(manifest(trusted)));
    await visit(
      async ({ client, sent }) => {
        homeOf(await page.readHome(client, 'en'));
        const variables = { events: [{ eventId: 'tap-2', type: 'VIEW', productId: 'p04' }] };
        expect((await page.track(client, variables)).data?.eventsTrack.accepted).toBe(1);
        expect((await page.readGreeting(client)).error?.graphQLErrors[0].extensions).toMatchObject({
          code: 'DOCUMENT_NOT_TRUSTED',
        });
        expect(sent.filter(request => !request.includes('sha256Hash'))).toEqual([]);
        expect(sent.join()).not.toMatch(/recommendations|eventsTrack\(/);
      },
      { exchanges: [page.byHash()], server: { trustedDocuments } },
    );
  });
});
