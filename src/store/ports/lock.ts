/** Locks that every process over one database shares. */
export interface LockStore {
  /**
   * Runs `work` while no other holder of the same name runs, in any process. A lock ends with its process. Keep the work
   * short, as others wait for it.
   *
   * @throws {GatewayError} UNAVAILABLE when the lock was not free in time, or the database is not available
   */
  hold<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}
