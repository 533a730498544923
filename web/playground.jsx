// GraphiQL over this gateway. The session's cookie speaks for whoever signed in; a header set in an editor tab
// (`{ "Authorization": "Bearer …" }`) speaks instead, to try an operation as another role.
import 'graphiql/style.css';
import './playground.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { exampleTabs } from './examples.mjs';

const endpoint = '/playground/graphql';

/** Right after a change of tabs GraphiQL still names the operation of the tab before: then the document speaks alone. */
const named = ({ query, variables, operationName }) =>
  query.includes(operationName) ? { query, variables, operationName } : { query, variables };

async function fetcher(parameters, { headers } = {}) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(named(parameters)),
  });
  if (response.status === 401 && !headers?.Authorization) window.location.reload();
  return response.json();
}

/** Ids of a shopper and a product of this shop, so that the examples run as they stand. */
async function knownIds() {
  const query = '{ users(first: 1) { nodes { userId } } products(first: 1) { nodes { productId } } }';
  const { data } = await fetcher({ query });
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

/** GraphiQL fills the variables of the first tab from what it stored; the first time there is nothing stored. */
const firstVariables = tabs =>
  window.localStorage.getItem('graphiql:tabState') === null ? { variables: tabs[0].variables } : {};

const Playground = ({ tabs }) => (
  <GraphiQL
    {...firstVariables(tabs)}
    fetcher={fetcher}
    defaultTabs={tabs}
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

const root = createRoot(document.getElementById('playground'));
knownIds().then(known => root.render(<Playground tabs={exampleTabs(known)} />));
