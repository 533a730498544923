import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/prisma/embedded';
import { readPostmaster } from '../../src/store/prisma/embedded/postmaster';
import { migrateDatabase } from '../../src/store/prisma/migrate';
import { serverDir, sweepLeftovers } from './testServer';

declare global {
  var testServer: EmbeddedPostgres | undefined;
}

/** Starts one PostgreSQL for the whole run; its migrated database is the template of every test's own. */
async function globalSetup(): Promise<void> {
  await sweepLeftovers();
  const server = await startEmbeddedPostgres({ dataDir: serverDir, onLog: () => undefined });
  globalThis.testServer = server;
  const postmaster = await readPostmaster(`${serverDir}/postgres`);
  // A run that is interrupted never reaches the teardown.
  process.once('exit', () => {
    if (globalThis.testServer !== undefined && postmaster !== null) process.kill(postmaster.pid, 'SIGINT');
  });
  await migrateDatabase(server.url);
  Object.assign(process.env, { AFFINITY_TEST_SERVER: server.url });
}

export = globalSetup;
