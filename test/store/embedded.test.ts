import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/store/prisma/embedded';
import { makeLinks } from '../../src/store/prisma/embedded/binaries';
import { withLock } from '../../src/store/prisma/embedded/lease';
import { readPostmaster } from '../../src/store/prisma/embedded/postmaster';
import { isAlive, startOf } from '../../src/store/prisma/embedded/processIdentity';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'affinity-embedded-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

/**
 * Returns whether the server ends. `pg_ctl stop` returns when the pid file is removed, before the process ends, which can take
 * long on a busy machine. Therefore checks again at each turn of the event loop.
 */
async function hasEnded(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 100_000 && isAlive(pid); turn++)
    await new Promise(resolve => setImmediate(resolve));
  return !isAlive(pid);
}

const ended = (child: ChildProcess) => new Promise<void>(resolve => child.once('exit', () => resolve()));

/** A living process that is not PostgreSQL, such as one that reuses an old id. */
function startStranger(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
}

/** Simulates a killed gateway: a running server, registered by a process that does not run. */
async function leaveOrphan(): Promise<{ readonly url: string; readonly pid: number }> {
  const { url } = await startEmbeddedPostgres({ dataDir, onLog: () => undefined });
  await query(url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
  const users = join(dataDir, 'postgres.users');
  const stranger = startStranger();
  const [pid, start] = [stranger.pid ?? 0, await startOf(stranger.pid ?? 0)];
  for (const use of readdirSync(users)) writeFileSync(join(users, use), JSON.stringify({ pid, start }));
  stranger.kill('SIGKILL');
  await ended(stranger);
  return { url, pid: (await readPostmaster(join(dataDir, 'postgres')))?.pid ?? 0 };
}

async function start() {
  const output: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir, onLog: message => output.push(message) });
  const postmaster = await readPostmaster(join(dataDir, 'postgres'));
  return { server, output: output.join('\n'), pid: postmaster?.pid ?? 0, all: output };
}

describe('the embedded PostgreSQL', () => {
  it('is created once, keeps its data, and listens on loopback with a password readable by its owner only', async () => {
    const first = await start();
    expect(first.output).toMatch(/Created.*\nStarted/);
    await query(first.server.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
    await first.server.stop();
    expect(await hasEnded(first.pid)).toBe(true);
    const second = await start();
    expect(second.output).toMatch(/^Started/);
    expect(second.server.url).toBe(first.server.url);
    expect(await query(second.server.url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    const settings =
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'listen_addresses', 'synchronous_commit')";
    expect(await query(second.server.url, settings)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o077).toBe(0);
    const guessed = Object.assign(new URL(second.server.url), { password: 'guess' }).href;
    await expect(query(guessed, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await second.server.stop();
  });

  it('sorts by code point and maps case beyond ASCII, independently of the machine’s locale', async () => {
    const { server } = await start();
    const sorted = "SELECT string_agg(x, '' ORDER BY x) AS all FROM unnest('{ä,b,B,a,杯,Z}'::text[]) AS x";
    expect(await query(server.url, sorted)).toEqual([{ all: 'BZabä杯' }]);
    expect(await query(server.url, "SELECT lower('ÄÉЖ') AS low")).toEqual([{ low: 'äéж' }]);
    await server.stop();
  });

  it('is adopted with its data after a killed gateway, and stopped by its adopter', async () => {
    const orphan = await leaveOrphan();
    const { server, output, pid } = await start();
    expect(output).toMatch(/^Adopted/);
    expect([server.url, pid]).toEqual([orphan.url, orphan.pid]);
    expect(await query(server.url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    await server.stop();
    expect(await hasEnded(orphan.pid)).toBe(true);
  });

  it('is stopped after a killed gateway when the password does not fit, with a remedy in the error', async () => {
    const orphan = await leaveOrphan();
    await query(orphan.url, `ALTER ROLE affinity PASSWORD 'other'`);
    await expect(start()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('backup'),
    });
    expect(await hasEnded(orphan.pid)).toBe(true);
    expect(await readPostmaster(join(dataDir, 'postgres'))).toBeNull();
  });
});

describe('the embedded PostgreSQL with other processes', () => {
  it('starts over the pid file of a crashed machine, even if another process has that id now', async () => {
    const { server } = await start();
    await server.stop();
    const stranger = startStranger();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(file, `${stranger.pid}\n${join(dataDir, 'postgres')}\n1\n1\n\n127.0.0.1\n 1 1\nready   \n`);
    const { server: again, output } = await start();
    expect(output).toMatch(/^Started/);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await again.stop();
    stranger.kill('SIGKILL');
    await ended(stranger);
  });

  it('is shared by concurrent starters, and stops with the last of them', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ server }) => server.url)).size).toBe(1);
    expect(all.filter(({ output }) => output.includes('Adopted'))).toHaveLength(2);
    await all[0].server.stop();
    await all[0].server.stop();
    await all[1].server.stop();
    expect(await query(all[2].server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await all[2].server.stop();
    expect(await hasEnded(all[2].pid)).toBe(true);
  });

  it('reports a remedy when its password is missing', async () => {
    const { server } = await start();
    await server.stop();
    rmSync(join(dataDir, 'postgres.password'));
    await expect(start()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('backup'),
    });
  });
});

describe('parts of the embedded PostgreSQL', () => {
  it('create the links of the install script, and keep existing ones', async () => {
    const lib = join(dataDir, 'native', 'lib');
    mkdirSync(lib, { recursive: true });
    writeFileSync(join(lib, 'libpq.so.5.18'), 'library');
    const links = ['libpq.so', 'libpq.so.5'].map(name => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(dataDir, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    writeFileSync(join(lib, 'libpq.so.5'), 'already here');
    await makeLinks(dataDir);
    await makeLinks(dataDir);
    expect(readFileSync(join(lib, 'libpq.so'), 'utf8')).toBe('library');
    expect(readFileSync(join(lib, 'libpq.so.5'), 'utf8')).toBe('already here');
  });

  it('let one process at a time hold a lock, and take over the lock of a dead process', async () => {
    const path = join(dataDir, 'lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, start: 'of another process with our number' }));
    const order: string[] = [];
    const hold = (name: string) =>
      withLock(path, async () => {
        order.push(`${name} in`);
        await new Promise(setImmediate);
        order.push(`${name} out`);
      });
    await Promise.all([hold('a'), hold('b')]);
    expect(order.filter((_, index) => index % 2 === 0).map(step => step.replace('in', 'out'))).toEqual(
      order.filter((_, index) => index % 2 === 1),
    );
  });
});
