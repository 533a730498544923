import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProgramProcess, startProgram } from '../support/programProcess';

const root = join(__dirname, '..', '..');
const withinMs = 180_000;
/** What the first start prints when a stage begins. */
const stages = [
  /Created a database cluster/,
  /creating the demo shop/,
  /Demo shop: [4-9]\d %/,
  /No models yet/,
];

describe('the first start', () => {
  let dataDir: string;
  let program: ProgramProcess | undefined;

  beforeEach(() => {
    // Of mode 0700, as a home of root: PostgreSQL's account cannot enter when the tests run as root.
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-first-'));
  });

  afterEach(() => {
    program?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function start(env: Readonly<Record<string, string>> = {}): ProgramProcess {
    program = startProgram([process.execPath, 'bin/affinity.mjs', 'start'], {
      cwd: root,
      env: {
        AFFINITY_DATA_DIR: dataDir,
        AFFINITY_DEMO_SCALE: '0.05',
        AFFINITY_MODELS: 'popularity,trending',
        AFFINITY_DRAIN_SECONDS: '0',
        PORT: '0',
        DATABASE_URL: '',
        ...env,
      },
    });
    return program;
  }

  /** Starts to the end, and stops. */
  async function expectReady(): Promise<void> {
    const whole = start();
    await whole.printed(/Affinity is ready/);
    await whole.printed(/A first query:/);
    whole.signal('SIGINT');
    await whole.ended;
    expect(await whole.exited).toBe(0);
    expect(whole.output()).toContain('Stopped PostgreSQL.');
  }

  it(
    'continues after it was interrupted at any stage, each time with one line and without tokens',
    async () => {
      for (const stage of stages) {
        const interrupted = start();
        // A stage that an earlier start completed is not begun again.
        const isReached = await interrupted.printed(new RegExp(`${stage.source}|Affinity is ready`));
        interrupted.signal('SIGINT');
        await interrupted.ended;
        if (isReached[0] === 'Affinity is ready') continue;
        // The output is compared with the code, so that a failure shows why the start ended.
        expect(`${await interrupted.exited}\n${interrupted.output()}`).toMatch(/^130\n/);
        expect(interrupted.output()).toMatch(/Stopped before the gateway was ready\. .*\n$/);
        expect(interrupted.output()).not.toMatch(/Affinity is ready|Tokens of shop/);
      }
      await expectReady();
    },
    withinMs,
  );

  it(
    'continues after it was killed at any stage',
    async () => {
      for (const stage of stages) {
        const killed = start();
        await killed.printed(new RegExp(`${stage.source}|Affinity is ready`));
        killed.kill();
        await killed.exited;
      }
      await expectReady();
      expect(readdirSync(dataDir).filter(name => name.includes('.new'))).toEqual([]);
    },
    withinMs,
  );

  it(
    'with a busy health port or an unusable manifest ends before anything is created, with one line',
    async () => {
      const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const manifest = join(dataDir, 'manifest.json');
      writeFileSync(manifest, '{"a": ');
      for (const [env, message] of [
        [{ AFFINITY_HEALTH_PORT: `${port}` }, `Expected port ${port} of 127.0.0.1 to be free; `],
        [
          { AFFINITY_TRUSTED_DOCUMENTS: manifest },
          'Expected AFFINITY_TRUSTED_DOCUMENTS to name a manifest: ',
        ],
        [
          { AFFINITY_TRUSTED_DOCUMENTS: `${manifest}.gone` },
          'Expected AFFINITY_TRUSTED_DOCUMENTS to name a file ',
        ],
      ] as const) {
        const refused = start(env);
        expect(await refused.exited).toBe(1);
        await refused.ended;
        const [line, ...others] = refused.output().split('\n');
        expect(line.startsWith(`CONFIG_INVALID: ${message}`)).toBe(true);
        expect(others).toEqual(['']);
        expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      }
      server.close();
    },
    withinMs,
  );

  it(
    'on a busy port ends before anything is created, and its remedy works',
    async () => {
      const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const refused = start({ PORT: String(port) });
      expect(await refused.exited).toBe(1);
      await refused.ended;
      expect(refused.output()).toMatch(
        new RegExp(`^CONFIG_INVALID: Expected port ${port} of 127\\.0\\.0\\.1 to be free; .*\\n$`),
      );
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      const [, remedy] = /PORT=(\d+)/.exec(refused.output()) ?? [];
      const other = start({ PORT: remedy });
      await other.printed(new RegExp(`Listening on http://127\\.0\\.0\\.1:${remedy} `));
      other.signal('SIGINT');
      await other.ended;
      server.close();
    },
    withinMs,
  );
});
