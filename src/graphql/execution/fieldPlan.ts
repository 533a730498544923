import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  isAbstractType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
  visit,
} from 'graphql';
import type { CollectedErrors, Path } from './collectedErrors';

/** Variables of one request, coerced to the types that the operation declares. */
export type Variables = Readonly<Record<string, unknown>>;

/** Arguments of one field, coerced. */
export type Arguments = Readonly<Record<string, unknown>>;

type Field = GraphQLField<unknown, unknown>;

/** The selected fields of one object, in the order of the response. */
export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
  /** Whether an alias is `__proto__`, which a plain object cannot hold as a key. */
  readonly hasProtoKey: boolean;
}

/** One execution of a plan. */
export interface Run {
  readonly source: PlanSource;
  readonly variables: Variables;
  readonly context: unknown;
  readonly collected: CollectedErrors;
  /** Arguments that depend on variables, so that the rows of a list coerce them once. */
  readonly args: Map<FieldPlan, Arguments>;
}

/**
 * Converts what a resolver returned to its form in the response.
 *
 * @param fieldPath - position of the field
 * @param path - position of the value: below that of the field inside a list
 * @returns the value, or a promise of it
 * @throws when the value does not fit the type
 */
export type Completer = (run: Run, field: FieldPlan, fieldPath: Path, path: Path, value: unknown) => unknown;

/** One selected field of one object type: everything about it that no request changes. */
export interface FieldPlan {
  readonly responseName: string;
  /** All selections that are merged to this field. */
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly definition: Field;
  /** Null when the field is a property of its object. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  readonly complete: Completer;
  readonly isNonNull: boolean;
  /** Arguments that are the same in every request. Null when they depend on variables, or are invalid. */
  readonly constantArguments: Arguments | null;
  /** Selections below this field by the type of the object. Filled when an object of the type is first completed. */
  readonly selections: Map<GraphQLObjectType, SelectionPlan>;
}

/** The document that plans are made from. */
export interface PlanSource {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  /** Without a prototype: a fragment may have any name. */
  readonly fragments: Record<string, FragmentDefinitionNode | undefined>;
  readonly completerOf: (type: GraphQLOutputType) => Completer;
}

function definitionOf(schema: GraphQLSchema, parent: GraphQLObjectType, name: string): Field | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (schema.getQueryType() === parent) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return parent.getFields()[name];
}

function dependsOnVariables(node: FieldNode): boolean {
  let isFound = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      Variable() {
        isFound = true;
      },
    });
  }
  return isFound;
}

function constantArgumentsOf(definition: Field, node: FieldNode): Arguments | null {
  if (dependsOnVariables(node)) return null;
  try {
    return getArgumentValues(definition, node, {});
  } catch {
    // Execution coerces the arguments again and reports the error at its place.
    return null;
  }
}

function planField(
  { schema, completerOf }: PlanSource,
  parentType: GraphQLObjectType,
  [responseName, nodes]: readonly [string, readonly FieldNode[]],
): FieldPlan | null {
  const definition = definitionOf(schema, parentType, nodes[0].name.value);
  if (definition === undefined) return null;
  const { type } = definition;
  const isTypename = definition === TypeNameMetaFieldDef;
  return {
    responseName,
    nodes,
    parentType,
    definition,
    resolve: isTypename ? () => parentType.name : (definition.resolve ?? null),
    complete: completerOf(type),
    isNonNull: isNonNullType(type),
    constantArguments: constantArgumentsOf(definition, nodes[0]),
    selections: new Map(),
  };
}

/** Selects the fields of one object as `CollectFields` of the GraphQL specification does. */
class FieldCollector {
  readonly fields = new Map<string, FieldNode[]>();
  readonly #visited = new Set<string>();

  constructor(
    private readonly source: PlanSource,
    private readonly type: GraphQLObjectType,
    private readonly variables: Variables,
  ) {}

  collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) this.#collectSpread(selection.name.value, selection);
      else if (this.#isIncluded(selection)) {
        if (selection.kind === Kind.FIELD) this.#add(selection);
        else if (this.#applies(selection.typeCondition)) this.collect(selection.selectionSet);
      }
    }
  }

  #collectSpread(name: string, selection: SelectionNode): void {
    if (this.#visited.has(name) || !this.#isIncluded(selection)) return;
    this.#visited.add(name);
    const fragment = this.source.fragments[name];
    if (fragment !== undefined && this.#applies(fragment.typeCondition)) this.collect(fragment.selectionSet);
  }

  #add(node: FieldNode): void {
    const key = node.alias?.value ?? node.name.value;
    const nodes = this.fields.get(key);
    if (nodes === undefined) this.fields.set(key, [node]);
    else nodes.push(node);
  }

  #isIncluded(node: SelectionNode): boolean {
    if (node.directives === undefined || node.directives.length === 0) return true;
    const conditionOf = (directive: GraphQLDirective) =>
      getDirectiveValues(directive, node, this.variables)?.['if'];
    return conditionOf(GraphQLSkipDirective) !== true && conditionOf(GraphQLIncludeDirective) !== false;
  }

  #applies(condition: FragmentDefinitionNode['typeCondition'] | undefined): boolean {
    if (condition === undefined) return true;
    const { schema } = this.source;
    const type = typeFromAST(schema, condition);
    return type === this.type || (isAbstractType(type) && schema.isSubType(type, this.type));
  }
}

/**
 * Plans the selections of one object.
 *
 * @param sets - the selection sets of all fields that are merged to the object
 * @param variables - decide on `@skip` and `@include`
 * @throws {GraphQLError} when the variable of a `@skip` or `@include` is null
 */
export function planSelection(
  source: PlanSource,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
  variables: Variables,
): SelectionPlan {
  const collector = new FieldCollector(source, type, variables);
  for (const set of sets) if (set !== undefined) collector.collect(set);
  const fields = [...collector.fields].map(entry => planField(source, type, entry));
  return {
    fields: fields.filter(field => field !== null),
    hasProtoKey: collector.fields.has('__proto__'),
  };
}
