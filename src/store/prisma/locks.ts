import type { LockStore } from '../ports/lock';
import type { Database, Statement } from './database';

/** Released with the transaction, also when its connection or process ends. */
const lockStatement: Statement = {
  name: 'lockHold',
  text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
};

/** Creates locks in PostgreSQL. Each one that is held uses a connection. */
export function createPrismaLocks(database: Database): LockStore {
  return {
    async hold<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      // A failure of the work is no failure of the transaction, which would convert it.
      const settled = await database.transaction(async transaction => {
        await transaction.query(lockStatement, [`lock ${name}`]);
        return await work().then(
          result => () => result,
          (error: unknown) => () => {
            throw error;
          },
        );
      });
      return settled();
    },
  };
}
