import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../support/database';
import { type ProgramProcess, startProgram } from '../support/programProcess';
import { startSlowUpload } from '../support/slowUpload';
import { tokenFor } from '../support/tokens';

const root = join(__dirname, '..', '..');
const withinMs = 120_000;
const secret = 'a secret of tests only, thirty-two characters';

const statusOf = (url: string): Promise<number | null> =>
  fetch(url).then(
    ({ status }) => status,
    () => null,
  );

/** Asks until the answer is another one; returns it. */
async function statusAfter(status: number | null, url: string): Promise<number | null> {
  for (;;) {
    const now = await statusOf(url);
    if (now !== status) return now;
  }
}

/** The command lines of all processes of a process group. */
const commandsOf = (group: number): readonly string[] =>
  execFileSync('ps', ['-e', '-o', 'pgid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map(line => line.trim().split(/ (.*)/, 2))
    .filter(([pgid]) => Number(pgid) === group)
    .map(([, command]) => command);

describe('the signal to stop', () => {
  let dataDir: string;
  let program: ProgramProcess;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-stop-'));
  });

  afterEach(() => {
    program.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Starts a gateway over an empty embedded database, and opens a request that stays in progress. */
  async function startServing(command: readonly [string, ...string[]], env: Record<string, string> = {}) {
    program = startProgram(command, {
      cwd: root,
      env: {
        AFFINITY_DATA_DIR: dataDir,
        AFFINITY_DEMO: 'false',
        PORT: '0',
        DATABASE_URL: '',
        AFFINITY_JWT_SECRET: secret,
        // Far more than a stop takes, so that a busy machine does not cut it short.
        AFFINITY_GRACE_SECONDS: '90',
        ...env,
      },
    });
    const [, url] = await program.printed(/GraphQL +(http:\S+)\/graphql/);
    await program.printed(/Database .*\n/);
    const token = await tokenFor(Date.now(), 'ADMIN', {}, { secret });
    const upload = await startSlowUpload(url, token, '{ shop { name } }');
    await statusOf(`${url}/health/live`);
    return { url, upload };
  }

  /** Checks that the server drained, answered, and left a database that was shut down. */
  async function checkStopped(url: string, upload: Awaited<ReturnType<typeof startSlowUpload>>) {
    expect(await statusAfter(200, `${url}/health/ready`)).toBe(503);
    expect(await statusAfter(503, `${url}/health/ready`)).toBeNull();
    // The database has no shop: any answer shows that the request was not cut.
    expect(await upload.finish()).toMatch(/^HTTP\/1.1 \d+ .*"errors":/s);
    await program.ended;
    expect(program.output()).toContain('Stopped PostgreSQL.');
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  }

  it(
    'sent to npm start drains the server, and npm ends after it with status 0',
    async () => {
      const { url, upload } = await startServing(['npm', 'start']);
      expect(commandsOf(program.pid).filter(command => /esbuild/.test(command))).toEqual([]);
      program.signal('SIGTERM');
      await checkStopped(url, upload);
      expect(await program.exited).toBe(0);
    },
    withinMs,
  );

  it(
    'sent to npx affinity start drains the server, which npx leaves alone',
    async () => {
      const { url, upload } = await startServing(['npx', 'affinity', 'start']);
      program.signal('SIGTERM');
      await checkStopped(url, upload);
    },
    withinMs,
  );

  it(
    'sent twice ends the process at once',
    async () => {
      const { url, upload } = await startServing([process.execPath, 'bin/affinity.mjs', 'start'], {
        AFFINITY_GRACE_SECONDS: '600',
      });
      upload.closed.catch(() => undefined);
      program.signal('SIGTERM');
      expect(await statusAfter(200, `${url}/health/ready`)).toBe(503);
      expect(await statusAfter(503, `${url}/health/ready`)).toBeNull();
      program.signal('SIGTERM');
      expect(await program.exited).toBe(143);
      process.kill(
        Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]),
        'SIGINT',
      );
    },
    withinMs,
  );

  it(
    'sent to npx ends a command that does not listen for it',
    async () => {
      // A database that accepts connections and never responds.
      const database = createServer().listen(0, '127.0.0.1');
      await once(database, 'listening');
      const { port } = database.address() as AddressInfo;
      program = startProgram(['npx', 'affinity', 'demo', 'seed'], {
        cwd: root,
        env: { AFFINITY_DATA_DIR: dataDir, DATABASE_URL: `postgresql://nobody@127.0.0.1:${port}/none` },
      });
      const connection: Socket = (await once(database, 'connection'))[0];
      program.signal('SIGTERM');
      await program.ended;
      expect(program.output()).not.toContain('UNAVAILABLE');
      connection.destroy();
      database.close();
    },
    withinMs,
  );

  it(
    'sent to npx affinity worker ends the worker',
    async () => {
      const database = await createTestDatabase();
      try {
        program = startProgram(['npx', 'affinity', 'worker'], {
          cwd: root,
          env: { AFFINITY_DATA_DIR: dataDir, DATABASE_URL: database.url },
        });
        await program.printed(/Running training jobs/);
        program.signal('SIGTERM');
        await program.ended;
        expect(program.output()).toContain('returning the active job to the queue');
      } finally {
        await database.drop();
      }
    },
    withinMs,
  );
});
