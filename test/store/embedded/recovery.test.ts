import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  checkEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/store/prisma/embedded';
import { readPostmaster } from '../../../src/store/prisma/embedded/postmaster';
import { isAlive } from '../../../src/store/prisma/embedded/processIdentity';

let root: string;
let server: EmbeddedPostgres | null;
const logged: string[] = [];
const onLog = (message: string) => void logged.push(message);

beforeEach(() => {
  // mkdtemp makes folders of mode 0700: PostgreSQL's account cannot enter when the tests run as root.
  root = mkdtempSync(join(tmpdir(), 'affinity recovery ü 数据 '));
  logged.length = 0;
  server = null;
});

afterEach(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

/** Returns the answer as soon as the server gives one. */
async function queryUntilUp(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  for (;;) {
    const rows = await query(url, sql).catch(() => null);
    if (rows !== null) return rows;
  }
}

const start = async (dataDir: string): Promise<EmbeddedPostgres> => {
  server = await startEmbeddedPostgres({ dataDir, onLog });
  return server;
};

const pidOver = async (dataDir: string) => (await readPostmaster(join(dataDir, 'postgres')))?.pid ?? 0;

describe('an embedded PostgreSQL that was killed', () => {
  it('comes back by itself, at the same address, with what was committed', async () => {
    const { url } = await start(root);
    await query(url, 'CREATE TABLE kept (id int)');
    for (let kill = 1; kill <= 3; kill++) {
      await query(url, `INSERT INTO kept VALUES (${kill})`);
      const pid = await pidOver(root);
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await new Promise(setImmediate);
      expect(await queryUntilUp(url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: kill }]);
      expect(await pidOver(root)).not.toBe(pid);
    }
    expect(logged.filter(message => message.includes('has ended: starting it again'))).toHaveLength(3);
  });

  it('stays stopped after the last user left', async () => {
    const { url, stop } = await start(root);
    await stop();
    await expect(query(url, 'SELECT 1')).rejects.toThrow();
    expect(await readPostmaster(join(root, 'postgres'))).toBeNull();
    expect(logged.at(-1)).toBe('Stopped PostgreSQL.');
  });

  it('is started again once by two users', async () => {
    const { url } = await start(root);
    const second = await startEmbeddedPostgres({ dataDir: root, onLog });
    const pid = await pidOver(root);
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise(setImmediate);
    await queryUntilUp(url, 'SELECT 1');
    await second.stop();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(logged.filter(message => message.startsWith('Started'))).toHaveLength(2);
  });
});

describe('a data folder', () => {
  it('of mode 0700 keeps its mode and holds the data, also through a link', async () => {
    const dataDir = join(root, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    mkdirSync(join(root, 'disk'), { mode: 0o700 });
    const { stop } = await start(dataDir);
    await stop();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    const { url } = await start(dataDir);
    await query(url, 'CREATE TABLE kept (id int)');
    await server?.stop();
    symlinkSync(dataDir, join(root, 'link'));
    const linked = await start(join(root, 'link'));
    expect(await query(linked.url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
  });

  it('with what a killed start left is cleared of it', async () => {
    for (const name of ['postgres.new', 'postgres.new-abcdef']) {
      mkdirSync(join(root, name, 'base'), { recursive: true });
      writeFileSync(join(root, name, 'PG_VERSION'), '18');
    }
    writeFileSync(join(root, 'postgres.new-abcdef.password'), 'secret');
    writeFileSync(join(root, 'postgres.lock'), '{"pid":');
    mkdirSync(join(root, 'postgres.users'));
    writeFileSync(join(root, 'postgres.users', 'half-written'), '{"pi');
    await start(root);
    expect(readdirSync(root).filter(name => name.includes('.new'))).toEqual([]);
    await server?.stop();
    expect(logged.at(-1)).toBe('Stopped PostgreSQL.');
  });

  it('of another version of PostgreSQL is refused with both versions', async () => {
    mkdirSync(join(root, 'postgres'));
    writeFileSync(join(root, 'postgres', 'PG_VERSION'), '16\n');
    await expect(checkEmbeddedPostgres({ dataDir: root, onLog })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/of PostgreSQL 18; got one of PostgreSQL 16 in .*AFFINITY_DATA_DIR\.$/),
    });
    expect(readFileSync(join(root, 'postgres', 'PG_VERSION'), 'utf8')).toBe('16\n');
  });

  it('is checked without starting anything', async () => {
    chmodSync(root, 0o755);
    await checkEmbeddedPostgres({ dataDir: root, onLog });
    expect(readdirSync(root).filter(name => name !== 'programs')).toEqual([]);
  });
});
