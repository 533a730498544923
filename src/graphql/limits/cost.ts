import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { costWeightOf } from './costWeight';

type Variables = Readonly<Record<string, unknown>>;

/** How many rows a field asks for, given the variables. */
type PageSize = (variables: Variables) => number;

/** One selected object or list of objects. */
interface CostNode {
  readonly weight: number;
  /** Rows its `first` (or `ids`) asks for; null when it has no such argument. */
  readonly page: PageSize | null;
  /** Whether it is a list whose length is the page that an outer field asked for. */
  readonly isPaged: boolean;
  /** Whether it is a list whose length is the page it asks for itself: `nodes(ids:)`. */
  readonly isOwnPage: boolean;
  /** Length to reckon with when it is another list; 1 for single objects. */
  readonly length: number;
  readonly children: readonly CostNode[];
}

/** Cost of an operation with some variables. */
export type OperationCost = (variables: Variables) => number;

const mutationWeight = 10;
/** Length of lists that no argument bounds: translations, offers, consents. */
const assumedLength = 10;
/** What a page size outside the allowed is reckoned as; the resolver then refuses it by name. */
const mostReckoned = 1_000_000;

const constant =
  (size: number): PageSize =>
  () =>
    size;

function clampSize(value: unknown): number {
  const size = Array.isArray(value) ? value.length : Number(value);
  return Number.isFinite(size) ? Math.min(Math.max(size, 1), mostReckoned) : 1;
}

function pageSizeOf(node: FieldNode, definition: GraphQLField<unknown, unknown>): PageSize | null {
  const argument = definition.args.find(({ name }) => name === 'first' || name === 'ids');
  if (argument === undefined) return null;
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  if (given === undefined) return constant(clampSize(argument.defaultValue));
  if (given.kind === Kind.VARIABLE) {
    const name = given.name.value;
    return variables => clampSize(variables[name] ?? argument.defaultValue);
  }
  if (given.kind === Kind.LIST) return constant(clampSize(given.values));
  return constant(given.kind === Kind.INT ? clampSize(given.value) : 1);
}

const isList = ({ type }: GraphQLField<unknown, unknown>): boolean => isListType(getNullableType(type));

class CostCompiler {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  ofSet(set: SelectionSetNode | undefined, parent: GraphQLCompositeType, isMutation = false): CostNode[] {
    const nodes: CostNode[] = [];
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const node = this.#ofField(selection, parent, isMutation);
        if (node !== null) nodes.push(node);
      } else {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
        const on = fragment?.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
        nodes.push(...this.ofSet(fragment?.selectionSet, isCompositeType(on) ? on : parent, isMutation));
      }
    }
    return nodes;
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, isMutation: boolean): CostNode | null {
    const name = node.name.value;
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (definition === undefined) return null;
    const type = getNamedType(definition.type);
    if (!isCompositeType(type)) return null;
    const page = pageSizeOf(node, definition);
    const isRowsOfPage = name === 'nodes' || name === 'edges';
    const bareLength = isList(definition) && !isRowsOfPage ? assumedLength : 1;
    return {
      weight: isMutation ? mutationWeight : costWeightOf(definition),
      page,
      isPaged: isRowsOfPage && page === null,
      isOwnPage: page !== null && isList(definition),
      length: page === null ? bareLength : 1,
      children: this.ofSet(node.selectionSet, type),
    };
  }
}

function rowsOf(node: CostNode, page: number, own: number | undefined): number {
  if (node.isPaged) return page;
  return node.isOwnPage ? (own ?? 1) : node.length;
}

/** @param page - rows that the nearest outer field with `first` asked for */
function costOf(node: CostNode, variables: Variables, page: number): number {
  const own = node.page?.(variables);
  // `recommendations(first: 20) { items }`: the inner page cannot be longer than the list.
  const inner = own === undefined ? page : Math.min(own, page);
  const rows = rowsOf(node, page, own);
  const innerPage = node.isPaged ? Number.POSITIVE_INFINITY : inner;
  let perRow = node.weight;
  for (const child of node.children) perRow += costOf(child, variables, innerPage);
  return rows * perRow;
}

/**
 * The cost of an operation: the objects it may return, where a connection counts as the rows its `first` asks for, and
 * what is dear to make counts more. Leaves are free: the document's size bounds them.
 */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const root = schema.getRootType(operation.operation);
  if (!root) return constant(0);
  const isMutation = operation.operation === 'mutation';
  const nodes = new CostCompiler(schema, document).ofSet(operation.selectionSet, root, isMutation);
  return variables => nodes.reduce((sum, node) => sum + costOf(node, variables, Number.POSITIVE_INFINITY), 0);
}
