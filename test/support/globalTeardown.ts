import { rmSync } from 'node:fs';
import { serverDir } from './testServer';

/** Stops the run's PostgreSQL and removes its data. */
async function globalTeardown(): Promise<void> {
  await globalThis.testServer?.stop();
  globalThis.testServer = undefined;
  rmSync(serverDir, { recursive: true, force: true });
}

export = globalTeardown;
