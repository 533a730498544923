// Generates sources: the Prisma client and the WebAssembly kernels.
import './reportFailures.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, root, whenChanged } from './inputs.mjs';

const bin = name => join(root, 'node_modules', '.bin', name);

async function run(name, ...args) {
  const child = spawn(bin(name), args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', text => {
    errors += text;
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`Expected ${name} to succeed; it ended with ${signal ?? code}:\n${errors}`);
}

await whenChanged(
  'prisma',
  {
    inputs: filesUnder('prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'),
    outputs: ['src/store/prisma/generated/client.ts'],
    what: 'the database client',
  },
  async () => {
    rmSync(join(root, 'src/store/prisma/generated'), { recursive: true, force: true });
    await run('prisma', 'generate');
  },
);

/** WebAssembly modules: entry file in assembly/, and name of the exported constant. */
const modules = [
  { entry: 'kernels', constant: 'kernelsBase64' },
  { entry: 'network', constant: 'networkBase64' },
];
const assembly = 'src/numeric/wasm/assembly';
const generated = entry => `src/numeric/wasm/${entry}.generated.ts`;

await whenChanged(
  'wasm',
  {
    inputs: filesUnder(assembly, 'scripts/generate.mjs', 'package-lock.json'),
    outputs: modules.map(({ entry }) => generated(entry)),
    what: 'the WebAssembly kernels',
  },
  async () => {
    mkdirSync(join(root, '.cache'), { recursive: true });
    for (const { entry, constant } of modules) {
      const out = join(root, '.cache', `${entry}.wasm`);
      // Raw pointers into imported, shared memory: no garbage collector and no allocator. All threads use one module.
      await run(
        'asc',
        `${assembly}/${entry}.ts`,
        '--outFile',
        out,
        '--runtime',
        'stub',
        '--optimizeLevel',
        '3',
        '--shrinkLevel',
        '0',
        '--noAssert',
        '--enable',
        'simd',
        '--enable',
        'threads',
        '--enable',
        'bulk-memory',
        '--importMemory',
        '--sharedMemory',
        '--initialMemory',
        '1',
        '--maximumMemory',
        '65536',
        // Tables of Math.log and others go below the first address of the arena (arena.ts), or they overwrite its arrays.
        '--memoryBase',
        '64',
      );
      writeFileSync(
        join(root, generated(entry)),
        `/** Base64 of the compiled kernels (scripts/generate.mjs; source in assembly/). */\nexport const ${constant} =\n  '${readFileSync(out).toString('base64')}';\n`,
      );
    }
  },
);
