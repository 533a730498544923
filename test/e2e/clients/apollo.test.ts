import { createHash } from 'node:crypto';
import { type ApolloClient, ApolloLink, gql } from '@apollo/client';
import { print } from 'graphql';
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
    readonly errors: readonly { readonly path: readonly string[]; readonly extensions: object }[];
  };
}
interface Page {
  createClient(uri: string, token: () => Promise<string>, links?: readonly ApolloLink[]): ApolloClient;
  readHome(client: ApolloClient, locale: string): Promise<Read<Home>>;
  readGreeting(client: ApolloClient): Promise<Read<{ readonly viewer: { readonly user: object } }>>;
  readMore(client: ApolloClient, home: Home, locale: string): Promise<void>;
  track(client: ApolloClient, variables: { readonly events: readonly object[] }): Promise<Read<Tracked>>;
  byHash(): ApolloLink;
}

let folder: ClientFolder;
let page: Page;
let documents: Readonly<
  Record<'HomeDocument' | 'GreetingDocument' | 'TrackDocument', ReturnType<typeof gql>>
>;
beforeAll(() => {
  folder = createClientFolder({
    'client.ts': generatedClient(),
    'page.ts': pageBlocks('apollo.md', 'ts').join('\n'),
  });
  page = folder.load('page.ts');
  documents = folder.load('client.ts');
});
afterAll(() => folder.remove());

interface Visit {
  readonly gateway: TestGateway;
  readonly client: ApolloClient;
  /** Names of the operations that were sent. */
  readonly sent: readonly (string | undefined)[];
}

/** Starts a gateway and a client of the shopper `anna`. */
async function visit(
  use: (visit: Visit) => Promise<void>,
  { links = [], ...options }: TestGatewayOptions & { readonly links?: readonly ApolloLink[] } = {},
): Promise<void> {
  const gateway = await startTestGateway(options);
  const token = await gateway.token('SHOPPER', { user: 'anna' });
  const sent: (string | undefined)[] = [];
  const recorder = new ApolloLink((operation, forward) => {
    sent.push(operation.operationName);
    return forward(operation);
  });
  const client = page.createClient(`${gateway.url}/graphql`, async () => token, [recorder, ...links]);
  try {
    await use({ gateway, client, sent });
  } finally {
    client.stop();
    await gateway.close();
  }
}

const homeOf = ({ data, error }: Read<Home>): Home => {
  expect(error).toBeUndefined();
  if (data === undefined) throw new Error('Expected data of Home; got none.');
  return data;
};

/** The ranks that the cache holds of the list on the home page. */
const ranks = (client: ApolloClient): readonly number[] | undefined =>
  client
    .readQuery<Home>({ query: documents.HomeDocument, variables: { locale: 'zh-CN' } })
    ?.viewer.recommendations?.items.nodes.map(({ rank }) => rank);

describe('the code of docs/clients/apollo.md', () => {
  it('has the types of Apollo Client', () => {
    expect(folder.typeErrors('page.ts')).toEqual([]);
  });

  it('reads recommendations in the locale of the shopper', () =>
    visit(async ({ client }) => {
      const home = homeOf(await page.readHome(client, 'zh-CN'));
      expect(home.viewer.recommendations?.items.nodes[0].product.title).toMatch(/^商品/);
    }));

  it('keeps in its cache what two components read of the viewer', () =>
    visit(async ({ client, sent }) => {
      const home = homeOf(await page.readHome(client, 'zh-CN'));
      await page.readGreeting(client);
      expect(homeOf(await page.readHome(client, 'zh-CN'))).toEqual(home);
      expect((await page.readGreeting(client)).data).toMatchObject({ viewer: { user: { userId: 'anna' } } });
      expect(sent).toEqual(['Home', 'Greeting']);
    }));

  it('would evict one of them without the id of the viewer', () =>
    visit(async ({ client }) => {
      const [role, shop] = [gql`query A { viewer { role } }`, gql`query B { viewer { shop { name } } }`];
      const warn = jest.spyOn(console, 'warn').mockImplementation();
      await client.query({ query: role });
      await client.query({ query: shop });
      warn.mockRestore();
      expect([client.readQuery({ query: role }), client.readQuery({ query: shop }) === null]).toEqual([
        null,
        false,
      ]);
    }));

  it.each([
    ['the same placement replaces it', 'home', true],
    ['another placement keeps it', 'cart', false],
  ])('a list of other fields in %s', (_what, placement, isReplaced) =>
    visit(async ({ client }) => {
      const strategy = gql`query A { viewer { id recommendations(placement: "home") { id strategy } } }`;
      const version = gql`query B($placement: String!) {
        viewer { id recommendations(placement: $placement) { id modelVersion } }
      }`;
      await client.query({ query: strategy });
      await client.query({ query: version, variables: { placement } });
      expect(client.readQuery({ query: strategy }) === null).toBe(isReplaced);
    }),
  );

  it('appends the next pages of a list to the page that is shown', () =>
    visit(async ({ client, sent }) => {
      const home = homeOf(await page.readHome(client, 'zh-CN'));
      expect([ranks(client), home.viewer.recommendations?.items.pageInfo.hasNextPage]).toEqual([
        [1, 2, 3],
        true,
      ]);
      await page.readMore(client, home, 'zh-CN');
      expect(ranks(client)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(
        homeOf(await page.readHome(client, 'zh-CN')).viewer.recommendations?.items.pageInfo.hasNextPage,
      ).toBe(false);
      expect(sent).toEqual(['Home', 'MoreItems']);
    }));

  it('counts an event that is sent twice once, and takes the next list over', () =>
    visit(async ({ client, sent }) => {
      homeOf(await page.readHome(client, 'zh-CN'));
      const variables = { locale: 'zh-CN', events: [{ eventId: 'tap-1', type: 'VIEW', productId: 'p04' }] };
      const first = await page.track(client, variables);
      const again = await page.track(client, variables);
      expect(
        [first.data, again.data].map(data => [data?.eventsTrack.accepted, data?.eventsTrack.duplicates]),
      ).toEqual([
        [1, 0],
        [0, 1],
      ]);
      const shown = homeOf(await page.readHome(client, 'zh-CN'));
      expect(shown.viewer.recommendations?.listId).toBe(
        again.data?.eventsTrack.viewer.recommendations?.listId,
      );
      expect(sent).toEqual(['Home', 'Track', 'Track']);
    }));

  it('gets the rest of the page when the recommendations fail', () =>
    visit(
      async ({ client }) => {
        const { data, error } = await page.readHome(client, 'zh-CN');
        expect(data?.viewer).toMatchObject({ id: expect.any(String), recommendations: null });
        expect(error?.errors).toEqual([
          expect.objectContaining({
            path: ['viewer', 'recommendations'],
            extensions: expect.objectContaining({ code: 'UNAVAILABLE' }),
          }),
        ]);
      },
      { recommender: fake => ({ ...fake, recommend: unavailable }) },
    ));
});

describe('its hashes of documents', () => {
  /** What `generate-persisted-query-manifest` writes: the texts as the cache of Apollo Client changes them. */
  const manifest = (client: ApolloClient): string => {
    const texts = [documents.HomeDocument, documents.GreetingDocument].map(document =>
      print(client.cache.transformDocument(document)),
    );
    const operations = texts.map(body => ({ id: createHash('sha256').update(body).digest('hex'), body }));
    return JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
  };

  it('are enough for a gateway with a manifest', async () => {
    const client = page.createClient('http://127.0.0.1:1', async () => '');
    const trustedDocuments = parseManifest(manifest(client));
    await visit(
      async ({ client, gateway }) => {
        homeOf(await page.readHome(client, 'en'));
        const variables = { events: [{ eventId: 'tap-2', type: 'VIEW', productId: 'p04' }] };
        await expect(page.track(client, variables)).rejects.toThrow(/a document of the manifest/);
        expect(gateway.unexpected).toEqual([]);
      },
      { links: [page.byHash()], server: { trustedDocuments } },
    );
  });

  it('are followed by the text where the gateway has none', () =>
    visit(async ({ client }) => void homeOf(await page.readHome(client, 'en')), { links: [page.byHash()] }));
});
