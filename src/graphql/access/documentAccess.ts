import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { GatewayError } from '../../domain/errors';
import type { Role } from '../../domain/role';
import { introspectors, ruleOf } from './rules';

/** What one document selects. */
export interface DocumentAccess {
  /** Type and field of everything it may reach, in the order it stands there; introspection left out. */
  readonly coordinates: readonly (readonly [type: string, field: string])[];
  readonly introspects: boolean;
}

/**
 * Everything a document selects, over all its operations and fragments: GraphQL is statically typed, so whatever
 * executes is among it, behind aliases, fragments, interfaces and variables alike.
 */
export function accessOf(schema: GraphQLSchema, document: DocumentNode): DocumentAccess {
  const seen = new Map<string, readonly [string, string]>();
  let introspects = false;
  const typeInfo = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(typeInfo, {
    Field({ name: { value: field } }) {
      const type = typeInfo.getParentType()?.name ?? '';
      if (field === '__schema' || field === '__type') introspects = true;
      else if (!type.startsWith('__')) seen.set(`${type}.${field}`, [type, field]);
    },
  });
  visit(document, visitor);
  return { coordinates: [...seen.values()], introspects };
}

/** @throws {GatewayError} FORBIDDEN when the role may not select everything the document does */
export function checkAccess({ coordinates }: DocumentAccess, role: Role): void {
  for (const [type, field] of coordinates) {
    if (ruleOf(type, field).includes(role)) continue;
    throw new GatewayError(
      'FORBIDDEN',
      `Expected a role that may select ${type}.${field}; ${role} may not. docs/security.md lists who may what.`,
      { field: `${type}.${field}` },
    );
  }
}

/** Whether a caller of this role (null: nobody) may ask what the schema is. */
export const mayIntrospect = (role: Role | null): boolean => role !== null && introspectors.includes(role);
