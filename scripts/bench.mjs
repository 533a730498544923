// `node scripts/bench.mjs <name> [options]` compiles src/ and bench/ and runs bench/<name>.ts, which prints its environment.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import './build.mjs';
import { filesUnder, root } from './inputs.mjs';

const [name, ...options] = process.argv.slice(2);
const benches = filesUnder('bench').filter(file => file.endsWith('.ts'));
const known = benches.map(file => basename(file, '.ts'));
if (!known.includes(name)) {
  console.error(`Expected a bench among ${known.join(', ')}; got ${name}.`);
  process.exit(2);
}
// Compiled benches import ../src/… as their sources do; this link leads from there to dist/.
const out = join(root, '.cache', 'bench');
mkdirSync(join(out, 'bench'), { recursive: true });
rmSync(join(out, 'src'), { force: true });
symlinkSync(join(root, 'dist'), join(out, 'src'), 'dir');
for (const file of benches) {
  const { code } = transformFileSync(file, {
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
  });
  writeFileSync(join(out, 'bench', `${basename(file, '.ts')}.js`), code);
}
const entry = join(out, 'bench', `${name}.js`);
if (!existsSync(entry)) throw new Error(`Expected ${entry} to be compiled.`);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--expose-gc', entry, ...options], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
