// The README's commands for production, line by line, against Debian's PostgreSQL and Redis.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DebianServices, findDebianPrograms, startDebianServices } from '../support/debianServices';
import { type ProgramProcess, startProgram } from '../support/programProcess';
import { filesIn } from '../support/repository';
import { shellBlocks } from '../support/shellBlock';

const root = join(__dirname, '..', '..');
const withinMs = 600_000;
const [lines] = shellBlocks(root, 'README.md', '## In production');
const runsOn = (line: string): boolean => /affinity (start|worker)\b/.test(line);

/** Copies what a clone of the repository holds. */
function checkOut(): string {
  const folder = mkdtempSync(join(tmpdir(), 'affinity-production-'));
  for (const path of filesIn().filter(name => !/\/generated\/|\.generated\.ts$/.test(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  return folder;
}

/** A shell that keeps exported variables from one line to the next, as an operator's does. */
function openShell(cwd: string, env: Readonly<Record<string, string>>) {
  const variables = join(cwd, '.exported');
  writeFileSync(variables, '');
  const before = `set -e; . ${variables}; `;
  return {
    run: (line: string) =>
      execFileSync('bash', ['-c', `${before}${line}\nexport -p > ${variables}`], {
        cwd,
        env: { ...process.env, ...env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 26,
      }),
    start: (line: string) => startProgram(['bash', '-c', `${before}${line}`], { cwd, env }),
  };
}

const programs = findDebianPrograms();
if (programs === null)
  console.warn('Expected postgresql and redis-server for the test of production; got none: it does not run.');

(programs === null ? describe.skip : describe)("the README's commands for production", () => {
  let services: DebianServices;
  let folder: string;
  const started: ProgramProcess[] = [];

  beforeAll(async () => {
    if (programs !== null) services = await startDebianServices(programs);
    folder = checkOut();
  }, withinMs);

  afterAll(async () => {
    for (const program of started) program.kill();
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'run one after the other, and end with a gateway that accepts products of the new shop',
    async () => {
      const shell = openShell(folder, { PORT: '0', npm_config_prefer_offline: 'true' });
      const known = (line: string) =>
        line.replace(/postgresql:\/\/\S+/, services.databaseUrl).replace(/redis:\/\/\S+/, services.redisUrl);
      const outputs = lines
        .filter(line => !runsOn(line))
        .map(line => [line, shell.run(known(line))] as const);
      const printed = (part: string) => outputs.find(([line]) => line.includes(part))?.[1].trim();
      expect(printed('shop create')).toContain('Created shop "S"');
      const key = printed('keys create') ?? '';
      expect(key).toMatch(/^aff_/);

      for (const line of lines.filter(runsOn)) started.push(shell.start(line));
      const [gateway, worker] = started;
      const [, url] = await gateway.printed(/GraphQL +(http:\S+\/graphql)/);
      await worker.printed(/Running training jobs: DATABASE_URL, jobs in Redis/);
      const response = await fetch(url.replace('0.0.0.0', '127.0.0.1'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({
          query:
            'mutation { productsUpsert(input: { products: [{ productId: "p1", title: "Tea", priceMinor: 250 }] }) { created userErrors { message } } }',
        }),
      });
      expect(await response.json()).toEqual({ data: { productsUpsert: { created: 1, userErrors: [] } } });
      for (const program of started) program.signal('SIGTERM');
      for (const program of started) await program.ended;
    },
    withinMs,
  );
});
