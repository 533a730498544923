import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Validation rule that refuses subscriptions. The schema has none, and graphql-js would only fail to execute them. */
export const unsupportedRule = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (node.operation !== 'subscription') return;
    const message =
      'Expected a query or a mutation; got a subscription, which this gateway does not have. Send a query at intervals.';
    context.reportError(new GraphQLError(message, { nodes: [node] }));
  },
});

const incrementalDirective = /^Unknown directive "(@defer|@stream)"\.$/;

/** Returns the message of a validation error in plain words: @defer and @stream are known, but not supported. */
export const plainMessageOf = (message: string): string =>
  message.replace(
    incrementalDirective,
    'Expected no $1; this gateway sends each response whole. Remove the directive, or send several requests.',
  );
