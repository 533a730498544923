import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'affinity-build-'));
  for (const name of ['scripts', 'schema.graphql', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string) =>
  spawnSync(process.execPath, [join(folder, 'scripts', script)], { cwd: folder, encoding: 'utf8' });

describe('a build without the packages of development', () => {
  it.each(['build.mjs', 'generate.mjs', 'schema.mjs'])('ends in one sentence: scripts/%s', script => {
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
    const { status, stderr } = run(script);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Expected to build Affinity in .*; got a missing package\. Run npm ci --include=dev and start again\.$/m,
    );
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).not.toContain('node:internal');
  });
});
