import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const depcruise = join(root, 'node_modules', '.bin', 'depcruise');

interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** Runs dependency-cruiser over `src` of a folder and answers what it found (it exits non-zero when it finds something). */
async function violationsIn(folder: string): Promise<readonly Violation[]> {
  const run = promisify(execFile)(depcruise, ['src', '--config', '.dependency-cruiser.cjs', '-T', 'json'], {
    cwd: folder,
    maxBuffer: 1 << 28,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as {
    summary: { violations: readonly { rule: { name: string }; from: string; to: string }[] };
  };
  return report.summary.violations.flatMap(({ rule, from, to }) =>
    rule.name === 'no-unreachable-module' ? [{ rule: rule.name, from: to }] : [{ rule: rule.name, from }],
  );
}

describe('the rooms of src/', () => {
  it('import only what the plan allows', async () => {
    expect(await violationsIn(root)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const planted = join(__dirname, 'violations');
  const expected = readdirSync(join(planted, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => {
      const rule = /^\/\/ breaks: (\S+)/.exec(readFileSync(join(planted, 'src', file), 'utf8'))?.[1];
      return rule === undefined ? [] : [{ rule, from: `src/${file}` }];
    });
  let folder: string;
  let found: readonly Violation[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'affinity-rules-'));
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(root, name), join(folder, name));
    }
    cpSync(planted, folder, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    found = await violationsIn(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(expected)('$rule catches $from', violation => {
    expect(found).toContainEqual(violation);
  });

  it('accept the files that break none', () => {
    const innocent = [
      'src/domain/thing.ts',
      'src/main/affinity.ts',
      'src/store/ports.ts',
      'src/models/model.ts',
    ];
    expect(
      found.filter(({ from, rule }) => innocent.includes(from) && rule !== 'no-unreachable-module'),
    ).toEqual([]);
  });
});
