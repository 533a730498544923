import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/store/prisma/embedded';
import { isAlive } from '../../src/store/prisma/embedded/processIdentity';

const prefix = 'affinity-test-';

/** Folder of this run's database server. Its name contains the process id, so that a later run can check whether that is alive. */
export const serverDir = join(tmpdir(), `${prefix}${process.pid}`);

/** Stops and removes what runs that were killed have left. */
export async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(entry => entry.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length)))) continue;
    const dataDir = join(tmpdir(), name);
    const server = await startEmbeddedPostgres({ dataDir, onLog: () => undefined }).catch(() => null);
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
