import type { QueryResultRow } from 'pg';
import type { ShopId } from '../../domain/ids';
import type { Queryable, Statement } from './database';

const batchLength = 5_000;

/** A table whose rows are read in the order of their key. */
export interface TableScan {
  readonly table: string;
  /** Columns of the primary key after `shopId`; texts that are never empty. */
  readonly key: readonly string[];
  /** Further columns, as SQL. */
  readonly columns: string;
}

/** Creates a function that reads all rows of a shop in batches, in the order of their key. */
export function tableScanner<Row extends QueryResultRow>({ table, key, columns }: TableScan) {
  const names = key.map(name => `"${name}"`).join(', ');
  const after = key.map((_, place) => `$${place + 2}`).join(', ');
  const statement: Statement = {
    name: `${table}Scan`,
    text: `SELECT ${names}, ${columns} FROM "${table}" WHERE "shopId" = $1 AND (${names}) > (${after})
      ORDER BY ${names} LIMIT ${batchLength}`,
  };
  return async function* (database: Queryable, shopId: ShopId): AsyncGenerator<readonly Row[]> {
    for (let last: readonly string[] = key.map(() => ''); ; ) {
      const rows = await database.query<Row>(statement, [shopId, ...last]);
      if (rows.length > 0) yield rows;
      const end = rows.at(-1);
      if (end === undefined || rows.length < batchLength) return;
      last = key.map(name => end[name]);
    }
  };
}
