import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** Programs that Debian's packages `postgresql` and `redis-server` install. */
export interface DebianPrograms {
  /** Folder of initdb, postgres, pg_dump and others. */
  readonly postgresDir: string;
  readonly redisServer: string;
}

/** A PostgreSQL and a Redis of a test's own, in a temporary folder, on free ports. */
export interface DebianServices {
  /** URL of an empty database owned by the role of the URL. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Creates another empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const postgresRoot = '/usr/lib/postgresql';
const redisServer = '/usr/bin/redis-server';

/** Finds the newest of Debian's PostgreSQL, and Redis; null when one of them is missing. */
export function findDebianPrograms(): DebianPrograms | null {
  const versions = existsSync(postgresRoot) ? readdirSync(postgresRoot) : [];
  const postgresDir = versions
    .sort((left, right) => Number(right) - Number(left))
    .map(version => join(postgresRoot, version, 'bin'))
    .find(dir => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'pg_dump')));
  return postgresDir !== undefined && existsSync(redisServer) ? { postgresDir, redisServer } : null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(done => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port; got none.');
  return address.port;
}

/** Account for programs that refuse to run as root: that of the package postgresql. */
function accountOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

type Account = ReturnType<typeof accountOf>;

/** Starts a server, and resolves when its output has the line that says that it accepts connections. */
async function startServer(file: string, args: readonly string[], account: Account, cwd: string) {
  const child = spawn(file, args, { ...account, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (/ready to accept connections/i.test(text)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`Expected ${file} to start; it ended with:\n${text}`)));
  });
  return async () => {
    child.kill('SIGINT');
    await exited;
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Starts PostgreSQL and Redis, as an account without rights. */
export async function startDebianServices({ postgresDir }: DebianPrograms): Promise<DebianServices> {
  const folder = mkdtempSync(join(tmpdir(), 'affinity-services-'));
  const account = accountOf();
  const [data, sockets, jobs] = ['data', 'sockets', 'jobs'].map(name => join(folder, name));
  for (const path of [folder, data, sockets, jobs]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
  }
  const run = (program: string, args: readonly string[]) =>
    execFileSync(join(postgresDir, program), args, { ...account, cwd: data, stdio: 'pipe' });
  run('initdb', ['-D', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']);
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  const settings = [`-p${postgresPort}`, '-cfsync=off', '-clisten_addresses=127.0.0.1', `-k${sockets}`];
  const stopPostgres = await startServer(
    join(postgresDir, 'postgres'),
    ['-D', data, ...settings],
    account,
    data,
  );
  const redisSettings = ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--dir', jobs, '--save', ''];
  const stopRedis = await startServer(redisServer, redisSettings, account, jobs);
  const urlOf = (name: string) => `postgresql://affinity:secret@127.0.0.1:${postgresPort}/${name}`;
  const asAdmin = (sql: string) => execute(`postgresql://postgres@127.0.0.1:${postgresPort}/postgres`, sql);
  const createDatabase = async (name: string) => {
    await asAdmin(`CREATE DATABASE ${name} OWNER affinity`);
    return urlOf(name);
  };
  await asAdmin(`CREATE ROLE affinity LOGIN PASSWORD 'secret'`);
  return {
    databaseUrl: await createDatabase('affinity'),
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    createDatabase,
    async stop() {
      await stopRedis();
      await stopPostgres();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
