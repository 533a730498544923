import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = '/usr/bin/redis-server';

/** A Redis of a test's own on a fixed port of loopback, which can be stopped and started again. It keeps nothing. */
export interface RedisServer {
  readonly url: string;
  /** Resolves when it accepts connections. */
  start(): Promise<void>;
  /** Ends the process. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Stops the process from running; connections stay open. */
  stall(): void;
  resume(): void;
  /** Stops it, and removes its folder. */
  remove(): Promise<void>;
}

/** Whether Debian's redis-server is installed. */
export const hasRedis = existsSync(program);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(done => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port; got none.');
  return address.port;
}

async function spawnRedis(port: number, folder: string): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = spawn(program, settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (/ready to accept connections/i.test(text)) resolve();
    });
    child.once('exit', () => reject(new Error(`Expected redis-server to start; it ended with:\n${text}`)));
  });
  return child;
}

/** Chooses a port for a Redis, which is not started yet. */
export async function prepareRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'affinity-redis-'));
  let child: ChildProcess | null = null;
  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    child = null;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = await spawnRedis(port, folder);
    },
    stop,
    stall: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async remove() {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
