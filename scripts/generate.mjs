// Makes the sources that are not written by hand: the Prisma client and the WebAssembly kernels.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, root, whenChanged } from './inputs.mjs';

const bin = name => join(root, 'node_modules', '.bin', name);
const run = (name, ...args) =>
  execFileSync(bin(name), args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });

await whenChanged(
  'prisma',
  {
    inputs: filesUnder('prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'),
    outputs: ['src/store/prisma/generated/client.ts'],
  },
  () => {
    rmSync(join(root, 'src/store/prisma/generated'), { recursive: true, force: true });
    run('prisma', 'generate');
  },
);

await whenChanged(
  'wasm',
  {
    inputs: filesUnder('src/numeric/wasm/assembly', 'scripts/generate.mjs', 'package-lock.json'),
    outputs: ['src/numeric/wasm/kernels.generated.ts'],
  },
  () => {
    const out = join(root, '.cache', 'kernels.wasm');
    mkdirSync(join(root, '.cache'), { recursive: true });
    // Raw pointers into imported, shared memory: no garbage collector, no allocator, one module for every thread.
    run(
      'asc',
      'src/numeric/wasm/assembly/kernels.ts',
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
    );
    writeFileSync(
      join(root, 'src/numeric/wasm/kernels.generated.ts'),
      `/** Base64 of the compiled kernels (scripts/generate.mjs; source in assembly/). */\nexport const kernelsBase64 =\n  '${readFileSync(out).toString('base64')}';\n`,
    );
  },
);
