import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const configFile = '.dependency-cruiser.cjs';
const depcruise = join(root, 'node_modules', '.bin', 'depcruise');

/** A broken rule, and the file (or the folder) that breaks it. */
interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** Runs dependency-cruiser over `src` of a folder and returns what it reports (with violations it exits non-zero). */
async function violationsIn(folder: string): Promise<readonly Violation[]> {
  const run = promisify(execFile)(depcruise, ['src', '--config', configFile, '-T', 'json'], {
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

/** Reading all of `src/` took over a minute beside builds and trainings on two shared cores. */
const readTimeoutMs = 240_000;

describe('the layers of src/', () => {
  it(
    'import only what the layer table allows',
    async () => {
      expect(await violationsIn(root)).toEqual([]);
    },
    readTimeoutMs,
  );
});

describe('the rules themselves', () => {
  const planted = join(__dirname, 'violations');
  const expected = readdirSync(join(planted, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => {
      const text = readFileSync(join(planted, 'src', file), 'utf8');
      const [, where, rule] = /^\/\/ breaks( in its folder)?: (\S+)/.exec(text) ?? [];
      return rule === undefined ? [] : [{ rule, from: join('src', where ? dirname(file) : file) }];
    });
  let folder: string;
  let found: readonly Violation[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'affinity-rules-'));
    for (const name of ['package.json', 'tsconfig.json', configFile]) {
      cpSync(join(root, name), join(folder, name));
    }
    cpSync(planted, folder, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    found = await violationsIn(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('each have a planted violation', async () => {
    const { forbidden } = (await import(join(root, configFile))) as {
      forbidden: readonly { name: string }[];
    };
    const names = forbidden.map(({ name }) => name);
    expect([...new Set(expected.map(({ rule }) => rule))].sort()).toEqual(names.toSorted());
  });

  it.each(expected)('$rule catches $from', violation => {
    expect(found).toContainEqual(violation);
  });

  it('accept the files that break none', () => {
    const innocent = [
      'src/domain/noun.ts',
      'src/main/affinity.ts',
      'src/store/ports/port.ts',
      'src/models/model.ts',
    ];
    expect(
      found.filter(({ from, rule }) => innocent.includes(from) && rule !== 'no-unreachable-module'),
    ).toEqual([]);
  });
});
