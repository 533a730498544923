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

/** Returns the number of rows that a field requests, for the given variables. */
type PageSize = (variables: Variables) => number;

/** One selected object, or list of objects. */
interface CostNode {
  readonly weight: number;
  /** Rows that its `first` or `ids` argument requests. Null when it has neither. */
  readonly page: PageSize | null;
  /** Whether it ranks `page` products even if none of them is selected. */
  readonly isRanked: boolean;
  /** Whether it is a list whose length is the page that an outer field requested. */
  readonly isPaged: boolean;
  /** Whether it is a list whose length is the page that it requests itself, such as `nodes(ids:)`. */
  readonly isOwnPage: boolean;
  /** Assumed length when it is another list. 1 for a single object. */
  readonly length: number;
  readonly children: readonly CostNode[];
}

/** Returns the cost of an operation for the given variables. */
export type OperationCost = (variables: Variables) => number;

const mutationWeight = 10;
/** Assumed length of lists without a limiting argument, such as translations, offers and consents. */
const assumedLength = 10;
/** Page sizes above this count as this. The resolver then refuses them with a specific message. */
const maxAssumedPageSize = 1_000_000;

const constant =
  (size: number): PageSize =>
  () =>
    size;

function clampSize(value: unknown): number {
  const size = Array.isArray(value) ? value.length : Number(value);
  return Number.isFinite(size) ? Math.min(Math.max(size, 1), maxAssumedPageSize) : 1;
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

/** Returns whether the type is a page of a connection, whose rows cost only when they are selected. */
const hasRows = (type: GraphQLCompositeType): boolean =>
  (isObjectType(type) || isInterfaceType(type)) && type.getFields()['nodes'] !== undefined;

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
      isRanked: page !== null && !isList(definition) && !hasRows(type),
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

/** @param page - rows that the nearest outer field with `first` requested */
function costOf(node: CostNode, variables: Variables, page: number): number {
  const own = node.page?.(variables);
  // `recommendations(first: 20) { items }`: the inner page cannot be longer than the list.
  const inner = own === undefined ? page : Math.min(own, page);
  const rows = rowsOf(node, page, own);
  const innerPage = node.isPaged ? Number.POSITIVE_INFINITY : inner;
  let perRow = node.weight + (node.isRanked ? (own ?? 0) : 0);
  for (const child of node.children) perRow += costOf(child, variables, innerPage);
  return rows * perRow;
}

/**
 * Compiles the cost of an operation: the number of objects that it may return. A connection counts as the number of rows
 * that `first` requests, and expensive fields have a weight. A recommendation list counts its `first` also when its items
 * are not selected. Leaves are free, because the size of the document limits
 * them.
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
