// src/ → dist/, which `npm start` and the affinity command run.

import './reportFailures.mjs';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import './buildClient.mjs';
import './buildWeb.mjs';
import './generate.mjs';
import { filesUnder, root, whenChanged } from './inputs.mjs';

await whenChanged(
  'dist',
  {
    inputs: filesUnder('src', 'scripts', 'package-lock.json'),
    outputs: ['dist/main/affinity.js'],
    what: 'the gateway',
  },
  async () => {
    const { transformFile } = await import('@swc/core');
    // dist/web and dist/client are built from other inputs: buildWeb.mjs, buildClient.mjs.
    for (const entry of existsSync(join(root, 'dist')) ? readdirSync(join(root, 'dist')) : []) {
      if (entry !== 'web' && entry !== 'client')
        rmSync(join(root, 'dist', entry), { recursive: true, force: true });
    }
    for (const file of filesUnder('src').filter(
      name => name.endsWith('.ts') && !name.includes('/assembly/'),
    )) {
      const out = join(root, 'dist', relative(join(root, 'src'), file)).replace(/\.ts$/, '.js');
      const { code, map } = await transformFile(file, {
        sourceMaps: true,
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
          keepClassNames: true,
        },
      });
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, `${code}\n//# sourceMappingURL=${out.split('/').pop()}.map\n`);
      writeFileSync(`${out}.map`, map);
    }
  },
);
