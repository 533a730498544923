import { createHash } from 'node:crypto';
import { buildSchema, parse, print, validate } from 'graphql';
import {
  type ConcreteRequest,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getSingularSelector,
  type ReaderFragment,
} from 'relay-runtime';
import { parseManifest } from '../../../src/graphql/trusted/manifest';
import { type ClientFolder, createClientFolder, pageBlocks } from '../../support/clientPage';
import { unavailable } from '../../support/failures';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway';
import { readText } from '../../support/repository';
import { files } from './relayArtifacts.json';

interface Page {
  createEnvironment(url: string, token: () => Promise<string>): Environment;
  readonly home: ConcreteRequest;
  readonly greeting: ReaderFragment;
  readonly picks: ReaderFragment;
  readonly items: ReaderFragment;
  readonly track: ConcreteRequest;
  readHome(environment: Environment, locale: string): Promise<{ readonly viewer: object }>;
}
interface Picks {
  readonly id: string;
  readonly recommendations: object | null;
}
interface Items {
  readonly id: string;
  readonly listId: string;
  readonly items: {
    readonly edges: readonly {
      readonly node: { readonly rank: number; readonly product: { title: string } };
    }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

const [code] = pageBlocks('relay.md', 'ts');
const tag = /graphql`(.*?)`/gs;
const documentsOfPage = Array.from(code.matchAll(tag), ([, text]) => parse(text).definitions[0]);

/** The name of the artifact of a document, as babel-plugin-relay finds it. */
const nameOf = (text: string): string => /(?:query|mutation|fragment) (\w+)/.exec(text)?.[1] ?? '';

/** The code as babel-plugin-relay changes it: artifacts in place of documents. */
const built = code.replaceAll(
  tag,
  (_whole, text: string) => `require('./__generated__/${nameOf(text)}.graphql').default`,
);

let folder: ClientFolder;
let page: Page;
beforeAll(() => {
  const artifacts = Object.entries(files).map(([name, text]) => [`__generated__/${name}`, text]);
  folder = createClientFolder({
    'affinity.ts': code,
    'built.ts': built,
    ...Object.fromEntries(artifacts),
  });
  page = folder.load('built.ts');
});
afterAll(() => folder.remove());

/** The query with which Relay refetches a fragment. */
function refetchQuery({ metadata }: ReaderFragment): ConcreteRequest {
  const operation = metadata?.refetch?.operation as ConcreteRequest | { readonly default: ConcreteRequest };
  return 'default' in operation ? operation.default : operation;
}

interface Visit {
  readonly gateway: TestGateway;
  readonly environment: Environment;
}

/** Starts a gateway and a Relay environment of the shopper `anna`. */
async function visit(use: (visit: Visit) => Promise<void>, options: TestGatewayOptions = {}): Promise<void> {
  const gateway = await startTestGateway(options);
  const token = await gateway.token('SHOPPER', { user: 'anna' });
  try {
    await use({ gateway, environment: page.createEnvironment(`${gateway.url}/graphql`, async () => token) });
  } finally {
    await gateway.close();
  }
}

/** Reads a fragment from the store, as a component would. */
function read<Data>(environment: Environment, fragment: ReaderFragment, reference: object | null): Data {
  const selector = getSingularSelector(fragment, reference);
  if (selector === null || selector === undefined) throw new Error('Expected a reference; got none.');
  return environment.lookup(selector).data as unknown as Data;
}

async function readPage({ environment }: Visit) {
  const { viewer } = await page.readHome(environment, 'zh-CN');
  environment.retain(createOperationDescriptor(page.home, { locale: 'zh-CN' }));
  const picks = read<Picks>(environment, page.picks, viewer);
  return { viewer, picks, list: read<Items>(environment, page.items, picks.recommendations) };
}
const ranksOf = ({ items }: Items): readonly number[] => items.edges.map(({ node }) => node.rank);

describe('the code of docs/clients/relay.md', () => {
  it('has the types of Relay', () => {
    expect(folder.typeErrors('affinity.ts')).toEqual([]);
  });

  it('is what the committed artifacts were compiled from (else run scripts/relayArtifacts.mjs)', () => {
    const hashes = documentsOfPage.map(node => createHash('md5').update(print(node)).digest('hex'));
    const names = Array.from(code.matchAll(tag), ([, text]) => nameOf(text));
    const artifacts = new Map(Object.entries(files));
    const compiled = names.map(name => /hash = "(\w+)"/.exec(artifacts.get(`${name}.graphql.ts`) ?? '')?.[1]);
    expect(names).toHaveLength(5);
    expect(compiled).toEqual(hashes);
  });

  it('compiles to operations that the schema allows', () => {
    const schema = buildSchema(readText('schema.graphql'));
    const requests = [page.home, page.track, refetchQuery(page.picks), refetchQuery(page.items)];
    const problems = requests.flatMap(({ params }) => validate(schema, parse(params.text ?? '')));
    expect(problems).toEqual([]);
  });

  it('reads recommendations in the locale of the shopper', () =>
    visit(async visited => {
      const { list } = await readPage(visited);
      expect([ranksOf(list), list.items.edges[0].node.product.title]).toEqual([
        [1, 2, 3],
        expect.stringMatching(/^商品/),
      ]);
    }));

  it('refetches a fragment of the viewer through its id, and keeps what other components read', () =>
    visit(async visited => {
      const { environment } = visited;
      const { viewer, picks, list } = await readPage(visited);
      const query = refetchQuery(page.picks);
      expect(query.params.text).toContain('node(id: $id)');
      const refetched = await fetchQuery<{ response: { node: object }; variables: object }>(
        environment,
        query,
        {
          id: picks.id,
          count: 2,
          locale: 'zh-CN',
        },
      ).toPromise();
      const again = read<Picks>(environment, page.picks, refetched?.node ?? null);
      const newList = read<Items>(environment, page.items, again.recommendations);
      expect([again.id, ranksOf(newList)]).toEqual([picks.id, [1, 2]]);
      expect(newList.listId).not.toBe(list.listId);
      expect(read(environment, page.greeting, viewer)).toEqual({ user: { userId: 'anna', locale: 'de' } });
      expect(ranksOf(read<Items>(environment, page.items, picks.recommendations))).toEqual([1, 2, 3]);
    }));

  it('loads the next pages of the same list into its connection', () =>
    visit(async visited => {
      const { environment } = visited;
      const { picks, list } = await readPage(visited);
      expect(list.items.pageInfo.hasNextPage).toBe(true);
      const variables = { id: list.id, after: list.items.pageInfo.endCursor, first: 3, locale: 'zh-CN' };
      await fetchQuery(environment, refetchQuery(page.items), variables).toPromise();
      const whole = read<Items>(environment, page.items, picks.recommendations);
      expect([whole.listId, ranksOf(whole)]).toEqual([list.listId, [1, 2, 3, 4, 5, 6]]);
      expect(whole.items.pageInfo.hasNextPage).toBe(false);
    }));

  it('counts an event that is sent twice once', () =>
    visit(async ({ environment }) => {
      const send = () =>
        environment
          .executeMutation({
            operation: createOperationDescriptor(page.track, {
              events: [{ eventId: 'tap-1', type: 'VIEW', productId: 'p04' }],
            }),
          })
          .toPromise();
      expect([await send(), await send()]).toMatchObject([
        { data: { eventsTrack: { accepted: 1, duplicates: 0 } } },
        { data: { eventsTrack: { accepted: 0, duplicates: 1 } } },
      ]);
    }));

  it('gets the rest of the page when the recommendations fail', () =>
    visit(
      async ({ environment }) => {
        const { viewer } = await page.readHome(environment, 'en');
        expect(read(environment, page.greeting, viewer)).toMatchObject({ user: { userId: 'anna' } });
        expect(read<Picks>(environment, page.picks, viewer).recommendations).toBeNull();
      },
      { recommender: fake => ({ ...fake, recommend: unavailable }) },
    ));

  it('sends ids in place of texts where the compiler stored them in a manifest', async () => {
    const { params } = page.home;
    const text = params.text ?? '';
    const id = createHash('md5').update(text).digest('hex');
    const persisted = { ...page.home, params: { ...params, id, text: null } } as ConcreteRequest;
    await visit(
      async ({ environment }) => {
        const variables = { locale: 'zh-CN' };
        const data = await fetchQuery(environment, persisted, variables).toPromise();
        expect(data).toHaveProperty('viewer');
        const { errors } = (await environment
          .executeMutation({ operation: createOperationDescriptor(page.track, { events: [] }) })
          .toPromise()
          .catch((error: { readonly source: object }) => error.source)) as {
          readonly errors: readonly object[];
        };
        expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]);
      },
      { server: { trustedDocuments: parseManifest(JSON.stringify({ [id]: text })) } },
    );
  });
});
