// web/ → dist/web: the playground, one script and one style sheet, nothing from another host.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { filesUnder, root, whenChanged } from './inputs.mjs';

const out = join(root, 'dist', 'web');
const copied = ['signIn.html', 'signIn.css', 'playground.html'];

await whenChanged(
  'web',
  {
    inputs: filesUnder('web', 'scripts/buildWeb.mjs', 'package-lock.json'),
    outputs: [...copied, 'playground.js', 'playground.css'].map(name => join('dist', 'web', name)),
  },
  async () => {
    mkdirSync(out, { recursive: true });
    for (const name of copied) copyFileSync(join(root, 'web', name), join(out, name));
    await build({
      entryPoints: { playground: join(root, 'web', 'playground.jsx') },
      outdir: out,
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      loader: { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl' },
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'warning',
    });
  },
);
