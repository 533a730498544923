// GraphiQL for this gateway. Requests carry the cookie of the signed-in user. A header set in an editor tab
// (`{ "Authorization": "Bearer …" }`) takes precedence, to try an operation with another role.
import 'graphiql/style.css';
import './playground.css';
import { GraphiQL } from 'graphiql';
import type { ComponentProps } from 'react';
import { createRoot } from 'react-dom/client';
import { type ExampleTab, exampleTabs, type KnownIds, type StaffRole } from './examples';

const endpoint = '/playground/graphql';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

/** A request of GraphiQL. */
interface GraphqlRequest {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

/** The response of the query for known ids. */
interface KnownIdsResponse {
  readonly data?: {
    readonly users: { readonly nodes: readonly { readonly userId: string }[] };
    readonly products: { readonly nodes: readonly { readonly productId: string }[] };
  } | null;
}

/**
 * Drops an operation name that the document does not contain: right after a change of tabs, GraphiQL still sends the
 * name from the previous tab. Remove this when GraphiQL sends the new name at once.
 */
const withKnownName = ({ query, variables, operationName }: GraphqlRequest): GraphqlRequest =>
  operationName && query.includes(operationName) ? { query, variables, operationName } : { query, variables };

async function post(
  request: GraphqlRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(withKnownName(request)),
  });
  // The session has ended: reloading shows the sign-in form.
  if (response.status === 401 && headers['Authorization'] === undefined) window.location.reload();
  return response.json();
}

const fetcher: Fetcher = async (request, options) => (await post(request, options?.headers)) as object;

/** Returns ids of a shopper and a product of this shop, or placeholders when it has none. */
async function readKnownIds(): Promise<KnownIds> {
  const query = '{ users(first: 1) { nodes { userId } } products(first: 1) { nodes { productId } } }';
  const { data } = (await post({ query })) as KnownIdsResponse;
  return {
    userId: data?.users.nodes[0]?.userId ?? 'a-user-id',
    productId: data?.products.nodes[0]?.productId ?? 'a-product-id',
  };
}

const SignOut = () => (
  <form method="post" action="/playground/signOut" className="signOut">
    <button type="submit">Sign out</button>
  </form>
);

/** The query and variables that GraphiQL opens with. */
interface OpenedTab {
  readonly query: string;
  readonly variables: string;
}

/** The tabs that GraphiQL stored on the last visit. */
interface StoredTabs {
  readonly activeTabIndex: number;
  readonly tabs: readonly { readonly query?: string | null; readonly variables?: string | null }[];
}

function readStoredTabs(): StoredTabs | null {
  try {
    const stored = JSON.parse(
      window.localStorage.getItem('graphiql:tabState') ?? 'null',
    ) as StoredTabs | null;
    return Array.isArray(stored?.tabs) ? stored : null;
  } catch {
    return null;
  }
}

/**
 * Returns the tab that was active on the last visit, or the first example. GraphiQL (4.1.2) selects the stored tab whose
 * query and variables equal those that it is given, and adds a tab when none does. On its own it would combine the query
 * and the variables that were edited last, which may belong to two tabs. Remove this when GraphiQL opens the active tab.
 */
function openedTab(examples: readonly ExampleTab[]): OpenedTab {
  const stored = readStoredTabs();
  const tab = stored?.tabs[stored.activeTabIndex] ?? examples[0];
  return { query: tab?.query ?? '', variables: tab?.variables ?? '' };
}

const Playground = ({ tabs }: { readonly tabs: readonly ExampleTab[] }) => (
  <GraphiQL
    {...openedTab(tabs)}
    fetcher={fetcher}
    defaultTabs={[...tabs]}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>
      <span className="brand">
        <span className="mark" aria-hidden="true" />
        Affinity
      </span>
      <SignOut />
    </GraphiQL.Logo>
  </GraphiQL>
);

const container = document.getElementById('playground');
if (container === null) throw new Error('Expected an element with the id playground; got none.');
const role: StaffRole = container.dataset['role'] === 'ADMIN' ? 'ADMIN' : 'MERCHANDISER';
const root = createRoot(container);
readKnownIds().then(
  known => root.render(<Playground tabs={exampleTabs(known, role)} />),
  (error: unknown) => root.render(<p role="alert">The gateway does not respond: {String(error)}</p>),
);
