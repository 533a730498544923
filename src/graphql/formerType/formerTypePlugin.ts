import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../request/context';
import { withPresentTypes } from './formerType';

/**
 * Creates the plugin that accepts variables of former types. Apollo adds rules to those of graphql-js and can replace
 * none, so the document is validated with the present types, and executed as it was sent.
 */
export function createFormerTypePlugin(schema: GraphQLSchema): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async validationDidStart(request: { document: DocumentNode }) {
          const sent = request.document;
          request.document = withPresentTypes(schema, sent);
          return async () => {
            request.document = sent;
          };
        },
      };
    },
  };
}
