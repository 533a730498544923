import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { type Limits, limits } from './limits';

/** Size of an operation. A fragment counts each time it is spread. */
export interface Shape {
  readonly depth: number;
  readonly aliases: number;
  readonly selections: number;
}

const nothing: Shape = { depth: 0, aliases: 0, selections: 0 };

const add = (a: Shape, b: Shape): Shape => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  selections: a.selections + b.selections,
});

/**
 * Creates a function that measures the operations of a document. Each fragment is measured once, so the time is linear in
 * the length of the document, even when its size after spreading fragments is exponential.
 */
export function createShapeMeter(document: DocumentNode): (operation: OperationDefinitionNode) => Shape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Shape>();

  function ofSet(set: SelectionSetNode | undefined): Shape {
    return set === undefined ? nothing : set.selections.map(ofSelection).reduce(add, nothing);
  }

  function ofFragment(name: string): Shape {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Validation refuses cycles. Here they only must not loop forever.
    measured.set(name, nothing);
    const shape = ofSet(fragments.get(name)?.selectionSet);
    measured.set(name, shape);
    return shape;
  }

  function ofSelection(selection: SelectionNode): Shape {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    const inner = ofSet(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    return {
      // Introspection queries are deep, but graphql-js limits them with its own rule.
      depth: selection.name.value.startsWith('__') ? 0 : inner.depth + 1,
      aliases: inner.aliases + Number(selection.alias !== undefined),
      selections: inner.selections + 1,
    };
  }

  return operation => ofSet(operation.selectionSet);
}

const refusals: readonly (readonly [keyof Shape, string])[] = [
  ['depth', 'levels of nesting'],
  ['aliases', 'aliases'],
  ['selections', 'selected fields'],
];

/** Validation rule that refuses operations whose shape exceeds the limits. */
export const shapeRule =
  (bounds: Limits = limits) =>
  (context: ValidationContext): ASTVisitor => {
    const document = context.getDocument();
    const measure = createShapeMeter(document);
    let directives = 0;
    const refuse = (what: string, limit: number, node: OperationDefinitionNode) =>
      context.reportError(
        new GraphQLError(
          `Expected at most ${limit} ${what} per operation; got more. Split it into several requests.`,
          {
            nodes: [node],
          },
        ),
      );
    return {
      OperationDefinition(operation) {
        const shape = measure(operation);
        for (const [key, what] of refusals)
          if (shape[key] > bounds[key]) refuse(what, bounds[key], operation);
      },
      Directive(node) {
        directives++;
        if (directives === bounds.directives + 1) {
          const message = `Expected at most ${bounds.directives} directives per document; got more. Remove some.`;
          context.reportError(new GraphQLError(message, { nodes: [node] }));
        }
      },
    };
  };
