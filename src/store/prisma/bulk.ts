import type { Queryable, Statement } from './database';

/** Type of a column in JSON rows: an SQL type, an instant in milliseconds since the epoch, or one of our enums by name. */
export type ColumnType =
  | 'text'
  | 'int'
  | 'float8'
  | 'boolean'
  | 'jsonb'
  | 'text[]'
  | 'float8[]'
  | 'instant'
  | { readonly enum: string };

/** A table for bulk writes: its primary key, and the types of all columns that are written. */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const carrierOf = (type: ColumnType): string => {
  if (type === 'instant') return 'float8';
  return typeof type === 'string' ? type : 'text';
};

const expressionOf = (name: string, type: ColumnType): string => {
  if (type === 'instant') return `to_timestamp(given."${name}" / 1000)`;
  return typeof type === 'string' ? `given."${name}"` : `given."${name}"::"${type.enum}"`;
};

const quoted = (names: readonly string[]) => names.map(name => `"${name}"`).join(', ');

/** `FROM` clause that reads rows from a JSON list of objects in `$1`. */
const recordset = (columns: Readonly<Record<string, ColumnType>>) =>
  `json_to_recordset($1::json) AS given(${Object.entries(columns)
    .map(([name, type]) => `"${name}" ${carrierOf(type)}`)
    .join(', ')})`;

/**
 * Builds a statement that writes many rows of a table at once, in key order, so that concurrent writers cannot deadlock.
 *
 * @param conflict - whether an existing row is kept, or replaced except for the columns in `fixed`
 * @param condition - SQL over `given` that rows must meet; others are not written
 */
export function insertStatement(
  table: Table,
  conflict: 'keep' | 'replace',
  fixed: readonly string[] = [],
  condition = 'true',
): Statement {
  const names = Object.keys(table.columns);
  const values = Object.entries(table.columns).map(([name, type]) => expressionOf(name, type));
  const changed = names.filter(name => !table.key.includes(name) && !fixed.includes(name));
  const update = changed.map(name => `"${name}" = EXCLUDED."${name}"`).join(', ');
  const action = conflict === 'keep' ? 'DO NOTHING' : `(${quoted(table.key)}) DO UPDATE SET ${update}`;
  return {
    name: `${table.name}Insert`,
    text: `INSERT INTO "${table.name}" (${quoted(names)}) SELECT ${values.join(', ')} FROM ${recordset(table.columns)}
      WHERE ${condition} ORDER BY ${quoted(table.key)} ON CONFLICT ${action}`,
  };
}

/** Runs an {@link insertStatement}; of several rows with the same key the last is written. */
export async function insertRows<Row extends object>(
  on: Queryable,
  statement: Statement,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Promise<void> {
  if (rows.length === 0) return;
  const byKey = new Map(rows.map(row => [keyOf(row), row]));
  await on.query(statement, [JSON.stringify([...byKey.values()])]);
}

/** Statements that write partial rows: absent fields are unchanged. */
export interface PatchStatements {
  readonly insert: Statement;
  readonly lock: Statement;
  readonly update: Statement;
}

/**
 * Builds patch statements for rows of one shop, keyed by (shopId, id); they maintain isStub, createdAt and updatedAt. A patch
 * may set createdAt.
 *
 * @param updatedBy - whose clock sets updatedAt: that of the caller, or that of the database
 */
export function patchStatements(
  name: string,
  columns: Readonly<Record<string, ColumnType>>,
  updatedBy: 'caller' | 'database' = 'caller',
): PatchStatements {
  const names = Object.keys(columns);
  const source = recordset({ ...columns, createdAt: 'instant', id: 'text', fields: 'text[]' });
  const now = 'to_timestamp($3::float8 / 1000)';
  // Both use $3, because a statement must use every parameter that it is given.
  const updatedAt = updatedBy === 'caller' ? now : `coalesce(clock_timestamp(), ${now})`;
  const values = Object.entries(columns).map(([column, type]) => expressionOf(column, type));
  const patches = Object.entries<ColumnType>({ ...columns, createdAt: 'instant' }).map(
    ([column, type]) =>
      `"${column}" = CASE WHEN '${column}' = ANY(given.fields) THEN ${expressionOf(column, type)} ELSE kept."${column}" END`,
  );
  return {
    insert: {
      name: `${name}PatchInsert`,
      text: `INSERT INTO "${name}" ("shopId", id, "isStub", "createdAt", "updatedAt", ${quoted(names)})
        SELECT $2, given.id, false, coalesce(${expressionOf('createdAt', 'instant')}, ${now}), ${updatedAt},
          ${values.join(', ')}
        FROM ${source} ORDER BY given.id
        ON CONFLICT DO NOTHING RETURNING id`,
    },
    lock: {
      name: `${name}PatchLock`,
      text: `SELECT id FROM "${name}" WHERE "shopId" = $1 AND id = ANY($2) ORDER BY id FOR UPDATE`,
    },
    update: {
      name: `${name}PatchUpdate`,
      text: `UPDATE "${name}" AS kept SET "isStub" = false, "updatedAt" = ${updatedAt}, ${patches.join(', ')}
        FROM ${source} WHERE kept."shopId" = $2 AND kept.id = given.id`,
    },
  };
}

/** A partial row: its id and the present fields. */
export type Patch = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Merges patches of the same id; later fields override earlier ones. */
function fold(patches: readonly Patch[]): ReadonlyMap<string, Patch> {
  const byId = new Map<string, Patch>();
  for (const patch of patches) {
    const present = Object.entries(patch).filter(([, value]) => value !== undefined);
    byId.set(patch.id, { ...byId.get(patch.id), ...Object.fromEntries(present), id: patch.id });
  }
  return byId;
}

/**
 * Writes patches within a transaction. Returns, per patch, whether it created the row.
 *
 * @param defaults - values of absent fields of new rows, for columns that are not nullable
 */
export async function writePatches(
  transaction: Queryable,
  statements: PatchStatements,
  {
    shopId,
    now,
    patches,
    defaults,
  }: { shopId: string; now: number; patches: readonly Patch[]; defaults: object },
): Promise<readonly ('created' | 'updated')[]> {
  const byId = fold(patches);
  const rows = [...byId.values()].map(patch => ({ ...defaults, ...patch, fields: Object.keys(patch) }));
  const made = await transaction.query<{ id: string }>(statements.insert, [
    JSON.stringify(rows),
    shopId,
    now,
  ]);
  const created = new Set(made.map(({ id }) => id));
  const rest = rows.filter(({ id }) => !created.has(id));
  if (rest.length > 0) {
    await transaction.query(statements.lock, [shopId, rest.map(({ id }) => id)]);
    await transaction.query(statements.update, [JSON.stringify(rest), shopId, now]);
  }
  return patches.map(({ id }) => (created.delete(id) ? 'created' : 'updated'));
}
