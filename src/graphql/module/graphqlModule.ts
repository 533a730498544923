import type { ClassType } from 'type-graphql';
import type { AccessTable } from '../access/access';
import type { NodeSource } from '../node/nodeSource';

/** What one folder adds to the schema. `modules.ts` lists all of them; code merges them. */
export interface GraphqlModule {
  /** Roles per field. A field without a rule is refused to every role. */
  readonly access: AccessTable;
  readonly resolvers?: readonly ClassType<object>[];
  readonly nodes?: readonly NodeSource[];
}
