import { type Role, roles } from '../../domain/role';

/** Roles that may select a field. */
export type AccessRule = readonly Role[];

/** One rule for every field of a type, or one rule per field. */
export type TypeAccess = AccessRule | Readonly<Record<string, AccessRule>>;

/** Rules by type name. A field without a rule is refused to every role. */
export type AccessTable = Readonly<Record<string, TypeAccess>>;

export const everyone: AccessRule = roles;
export const readers: AccessRule = ['SHOPPER', 'STOREFRONT', 'MERCHANDISER', 'ADMIN'];
/** Roles that act for one shopper: shoppers for themselves, servers for the shopper they name. */
export const shopperSide: AccessRule = ['SHOPPER', 'STOREFRONT', 'ADMIN'];
export const trackers: AccessRule = ['SHOPPER', 'STOREFRONT', 'INGEST', 'ADMIN'];
export const writers: AccessRule = ['INGEST', 'ADMIN'];
export const staff: AccessRule = ['MERCHANDISER', 'ADMIN'];
export const admin: AccessRule = ['ADMIN'];

const noRole: AccessRule = [];

/** Returns whether a type has one rule for all its fields. */
export const isRule = (row: TypeAccess): row is AccessRule => Array.isArray(row);

function mergeRows(type: string, first: TypeAccess, second: TypeAccess): TypeAccess {
  if (isRule(first) || isRule(second))
    throw new Error(
      `Expected one access table to have a rule for all of ${type}; another table has a rule for it too. Remove one, or write one rule per field in both.`,
    );
  const twice = Object.keys(second).find(field => Object.hasOwn(first, field));
  if (twice === undefined) return { ...first, ...second };
  throw new Error(
    `Expected one access rule for ${type}.${twice}; got two. Remove the one that is not beside the field.`,
  );
}

/**
 * Merges the tables of all modules. Several modules may add fields to one type.
 *
 * @throws {Error} when two tables have a rule for the same field, or one has a rule for the whole type
 */
export function mergeAccess(tables: readonly AccessTable[]): AccessTable {
  const merged = new Map<string, TypeAccess>();
  for (const [type, row] of tables.flatMap(table => Object.entries(table))) {
    const known = merged.get(type);
    merged.set(type, known === undefined ? row : mergeRows(type, known, row));
  }
  return Object.fromEntries(merged);
}

/** Returns the roles that may select a field. Empty when the table has no rule for it. */
export function ruleOf(table: AccessTable, typeName: string, fieldName: string): AccessRule {
  if (fieldName === '__typename') return everyone;
  if (!Object.hasOwn(table, typeName)) return noRole;
  const row = table[typeName];
  if (isRule(row)) return row;
  return Object.hasOwn(row, fieldName) ? row[fieldName] : noRole;
}
