import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'affinity-entry-'));
  cpSync(join(__dirname, '..', '..', 'bin'), join(folder, 'bin'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs bin/affinity.mjs over a build with this content; null for no build. */
function run(build: string | null) {
  if (build !== null) {
    mkdirSync(join(folder, 'dist', 'main'), { recursive: true });
    writeFileSync(join(folder, 'dist', 'main', 'affinity.js'), build);
  }
  return spawnSync(process.execPath, [join(folder, 'bin', 'affinity.mjs')], { encoding: 'utf8' });
}

describe('bin/affinity.mjs', () => {
  it('names the command that builds, where there is no build', () => {
    const { status, stderr } = run(null);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Expected a build at .*; there is none\. Run: npm run build\n$/);
  });

  it('names a package that is not installed, and the command that installs it', () => {
    const { status, stderr } = run("require('@nobody/installed-this/deep');");
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Expected the packages of package-lock.json; got no @nobody/installed-this/deep. Run npm ci and start again.\n',
    );
  });

  it('shows the stack of a file that is missing in the build, and of other errors', () => {
    expect(run("require('./missing');").stderr).toContain('MODULE_NOT_FOUND');
    expect(run("throw new TypeError('a bug');").stderr).toMatch(/TypeError: a bug\n +at /);
  });
});
