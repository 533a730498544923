import type { ApolloServerPlugin, GraphQLRequest, GraphQLRequestListener } from '@apollo/server';
import { GatewayError } from '../../domain/errors';
import { isJsonObject } from '../../intake/jsonObject';
import { staff } from '../access/access';
import { toRequestError } from '../errors/formatError';
import type { GraphqlContext } from '../request/context';
import type { TrustedDocuments } from './manifest';

/** Resolved in place of a refused document: Apollo reports the refusal only after it has resolved an operation. */
const placeholder = '{ __typename }';

const textIn = (source: unknown, name: string): string | null => {
  const value = isJsonObject(source) && Object.hasOwn(source, name) ? source[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Names under which clients send the id of a document: `documentId` of GraphQL over HTTP, and `doc_id` of Relay. */
const idParameters = ['documentId', 'doc_id'] as const;

/** Returns the id of the document that a request names; null when it names none. */
function documentIdOf({ http, extensions }: GraphQLRequest): string | null {
  const hash = textIn(extensions?.['persistedQuery'], 'sha256Hash');
  if (hash !== null) return hash;
  const search = new URLSearchParams(http?.search ?? '');
  for (const name of idParameters) {
    const id = textIn(http?.body, name) ?? search.get(name);
    if (id !== null && id !== '') return id;
  }
  return null;
}

const unknownDocument = (): GatewayError =>
  new GatewayError(
    'DOCUMENT_NOT_TRUSTED',
    'Expected the id of a document of the manifest; got an unknown one. Add the document to the manifest of the gateway, and restart it.',
  );

const otherText = (): GatewayError =>
  new GatewayError(
    'DOCUMENT_NOT_TRUSTED',
    'Expected a document of the manifest; got another text. Only MERCHANDISER and ADMIN may send their own. Add the document to the manifest of the gateway, or send the id alone.',
  );

/** Returns the text of the document to execute. @throws {GatewayError} DOCUMENT_NOT_TRUSTED */
function textToExecute(request: GraphQLRequest, documents: TrustedDocuments, isStaff: boolean): string {
  const { query } = request;
  const id = documentIdOf(request);
  const named =
    id === null ? undefined : (documents.textOf(id) ?? documents.textOf(id.replace(/^sha256:/, '')));
  const given = query === undefined || query === '' ? null : query;
  if (given === null) {
    if (id !== null && named === undefined) throw unknownDocument();
    return named ?? '';
  }
  const isTrusted = id === null ? documents.has(given) : named === given;
  if (isTrusted || isStaff) return given;
  throw otherText();
}

/**
 * Creates the plugin that replaces ids of documents by their texts, and refuses documents that are not in the manifest to
 * all but staff. Apollo Server has no such plugin: its persisted queries register whatever a client sends.
 */
export function createTrustedPlugin(documents: TrustedDocuments): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart({ request, contextValue }): Promise<GraphQLRequestListener<GraphqlContext>> {
      let refusal: unknown = null;
      try {
        request.query = textToExecute(request, documents, staff.includes(contextValue.principal.role));
      } catch (error) {
        refusal = error;
        request.query = placeholder;
      }
      const { persistedQuery: _, ...extensions } = request.extensions ?? {};
      request.extensions = extensions;
      return {
        async didResolveOperation() {
          if (refusal !== null) throw toRequestError(refusal);
        },
      };
    },
  };
}
