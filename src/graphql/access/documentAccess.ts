import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { GatewayError } from '../../domain/errors';
import type { Role } from '../../domain/role';
import { type AccessTable, ruleOf, staff } from './access';

/** What one document selects. */
export interface DocumentAccess {
  /** Type and field of everything the document selects, in document order, without introspection. */
  readonly coordinates: readonly (readonly [type: string, field: string])[];
  readonly introspects: boolean;
}

/**
 * Returns everything that a document selects, over all its operations and fragments. GraphQL is statically typed, so
 * this includes every field that can execute: behind aliases, fragments, interfaces and variables alike.
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

/** @throws {GatewayError} FORBIDDEN when the role may not select every field that the document selects */
export function checkAccess(table: AccessTable, { coordinates }: DocumentAccess, role: Role): void {
  for (const [type, field] of coordinates) {
    if (ruleOf(table, type, field).includes(role)) continue;
    throw new GatewayError(
      'FORBIDDEN',
      `Expected a role that may select ${type}.${field}; ${role} may not. docs/security.md lists who may what.`,
      { field: `${type}.${field}` },
    );
  }
}

/** Returns whether a caller may introspect the schema. */
export const mayIntrospect = (role: Role): boolean => staff.includes(role);
