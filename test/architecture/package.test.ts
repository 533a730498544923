import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram, getPreEmitDiagnostics, ModuleKind, ModuleResolutionKind } from 'typescript';

const root = join(__dirname, '..', '..');

interface PackedFile {
  readonly path: string;
}

/** A consumer's folder with the packed package installed; its dependencies are those of the checkout. */
interface Consumer {
  readonly folder: string;
  readonly installed: string;
  readonly files: readonly string[];
}

/** Packs the checkout as `npm publish` would and unpacks it into `node_modules` of an empty folder. */
function installPacked(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'affinity-package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
  const [{ filename, files }] = JSON.parse(packed) as readonly [
    { readonly filename: string; readonly files: readonly PackedFile[] },
  ];
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'affinity-gateway');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components', '1', '-C', installed]);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.bin') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return { folder, installed, files: files.map(({ path }) => path) };
}

/** Messages of the compiler for a file of the consumer; empty when it compiles. */
function compile({ folder }: Consumer, code: string): readonly string[] {
  const file = join(folder, 'consumer.ts');
  writeFileSync(file, code);
  const program = createProgram([file], {
    strict: true,
    noEmit: true,
    types: [],
    module: ModuleKind.Node16,
    moduleResolution: ModuleResolutionKind.Node16,
  });
  return getPreEmitDiagnostics(program).map(({ messageText }) =>
    typeof messageText === 'string' ? messageText : messageText.messageText,
  );
}

describe('the package that npm pack makes', () => {
  let consumer: Consumer;

  beforeAll(() => {
    consumer = installPacked();
  });

  afterAll(() => rmSync(consumer.folder, { recursive: true, force: true }));

  it('holds what runs, and neither sources nor tests', () => {
    expect(consumer.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'bin/affinity.mjs',
        'dist/main/affinity.js',
        'dist/web/playground.js',
        'dist/client/schema.d.ts',
        'prisma/migrations/migration_lock.toml',
        'schema.graphql',
      ]),
    );
    expect(consumer.files.filter(path => /^(src|test|bench|scripts|web|docs)\//.test(path))).toEqual([]);
  });

  it('runs outside the checkout', () => {
    const program = join(consumer.installed, 'bin', 'affinity.mjs');
    const printed = execFileSync(process.execPath, [program, 'schema'], {
      cwd: consumer.folder,
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe(readFileSync(join(root, 'schema.graphql'), 'utf8').trim());
  });

  it('gives a front end the types of the schema', () => {
    const code = `import type { RecommendationList } from 'affinity-gateway/client';
      export const strategyOf = (list: RecommendationList): string => list.strategy;`;
    expect(compile(consumer, code)).toEqual([]);
  });

  it('gives types that refuse a field the schema does not have', () => {
    const code = `import type { RecommendationList } from 'affinity-gateway/client';
      export const flavourOf = (list: RecommendationList): string => list.flavour;`;
    expect(compile(consumer, code)).toEqual([expect.stringContaining("'flavour' does not exist")]);
  });

  it('has a program with a unique name, so that npx runs no other package', () => {
    const manifest = JSON.parse(readFileSync(join(consumer.installed, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly bin: Readonly<Record<string, string>>;
    };
    expect(Object.keys(manifest.bin)).toContain(manifest.name);
    expect(new Set(Object.values(manifest.bin)).size).toBe(1);
  });
});
