import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';

const root = join(__dirname, '..', '..');

/** Every TypeScript file under some paths of src/, except AssemblyScript. */
function sourcesUnder(path: string): string[] {
  if (statSync(path).isFile()) return path.endsWith('.ts') ? [path] : [];
  if (path.endsWith('/assembly')) return [];
  return readdirSync(path).flatMap(name => sourcesUnder(join(path, name)));
}

/** Sources compiled as the build does, in a folder of their own: worker threads cannot run what Jest compiles. */
export interface Compiled {
  /** Path of the compiled form of a file of src/, named as there: `main/threadWorker.ts`. */
  fileOf(source: string): string;
  remove(): void;
}

/** Compiles all of src/, because a thread imports files of any layer. */
export function compileSources(): Compiled {
  const out = mkdtempSync(join(tmpdir(), 'affinity-compiled-'));
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'), 'dir');
  const fileOf = (source: string): string => join(out, source).replace(/\.ts$/, '.js');
  for (const file of sourcesUnder(join(root, 'src'))) {
    const target = fileOf(relative(join(root, 'src'), file));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformFileSync(file, {
      module: { type: 'commonjs' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
    });
    writeFileSync(target, code);
  }
  return { fileOf, remove: () => rmSync(out, { recursive: true, force: true }) };
}
