import { createInterner, type Interner } from '../../snapshot/rawColumns';
import type { Ids } from '../rows';

/** Ids in order of first appearance, shared by the files of one task. */
export interface IdTables {
  readonly users: Interner;
  readonly products: Interner;
}

/** Returns empty tables. */
export const createIdTables = (): IdTables => ({ users: createInterner(), products: createInterner() });

/** The ids collected so far. */
export const idsOf = ({ users, products }: IdTables): Ids => ({
  userIds: users.ids,
  productIds: products.ids,
});
