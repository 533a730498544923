import {
  type DocumentNode,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type ObjectFieldNode,
  TypeInfo,
  type TypeNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';

/**
 * Documents the scalar that a nullable input field had before. Variables of that type may still be used in its place: the
 * resolver receives their values as they are, and must check them itself.
 */
export const FormerType = (formerType: string): ReturnType<typeof Extensions> => Extensions({ formerType });

/** A use of a variable in the place of a field with a former type. */
interface FormerUse {
  readonly node: ObjectFieldNode;
  readonly variable: string;
  readonly former: string;
  readonly current: string;
}

function formerUseOf(field: GraphQLInputField | undefined, node: ObjectFieldNode): FormerUse | null {
  const former = field?.extensions['formerType'];
  if (field === undefined || typeof former !== 'string' || node.value.kind !== Kind.VARIABLE) return null;
  return { node, variable: node.value.name.value, former, current: getNamedType(field.type).name };
}

interface Uses {
  readonly former: readonly FormerUse[];
  /** Number of uses of each variable. */
  readonly counts: ReadonlyMap<string, number>;
}

function usesIn(schema: GraphQLSchema, document: DocumentNode): Uses {
  const info = new TypeInfo(schema);
  const former: FormerUse[] = [];
  const counts = new Map<string, number>();
  const visitor = visitWithTypeInfo(info, {
    VariableDefinition() {
      return false;
    },
    Variable({ name: { value } }) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    ObjectField(node) {
      const parent = getNamedType(info.getParentInputType() ?? undefined);
      const use = isInputObjectType(parent) ? formerUseOf(parent.getFields()[node.name.value], node) : null;
      if (use !== null) former.push(use);
    },
  });
  visit(document, visitor);
  return { former, counts };
}

/** Returns the name of a scalar type, or of a non-null one; null for lists. */
function scalarNameOf(type: TypeNode): string | null {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.NON_NULL_TYPE ? scalarNameOf(type.type) : null;
}

const withName = (type: TypeNode, value: string): TypeNode =>
  visit(type, { Name: node => ({ ...node, value }) });

/** Returns the uses whose variable has the former type. */
function outdatedUses(document: DocumentNode, { former }: Uses): readonly FormerUse[] {
  const declared = new Set<string>();
  visit(document, {
    VariableDefinition({ variable, type }) {
      declared.add(`${variable.name.value} ${scalarNameOf(type)}`);
    },
  });
  return former.filter(use => declared.has(`${use.variable} ${use.former}`));
}

/**
 * Returns the document to validate instead: variables of a former type get the present type. One that is also used in
 * places of its own type keeps it, and is left out where the former type is meant.
 */
export function withPresentTypes(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const uses = usesIn(schema, document);
  const outdated = outdatedUses(document, uses);
  if (outdated.length === 0) return document;
  const retyped = new Map<string, FormerUse>();
  const omitted = new Set<ObjectFieldNode>();
  for (const use of outdated) {
    const alike = outdated.filter(
      ({ variable, current }) => variable === use.variable && current === use.current,
    );
    if (alike.length === uses.counts.get(use.variable)) retyped.set(use.variable, use);
    else omitted.add(use.node);
  }
  return visit(document, {
    VariableDefinition(node) {
      const use = retyped.get(node.variable.name.value);
      if (use === undefined || scalarNameOf(node.type) !== use.former) return undefined;
      return { ...node, type: withName(node.type, use.current) };
    },
    ObjectField: node => (omitted.has(node) ? { ...node, value: { kind: Kind.NULL } } : undefined),
  });
}
