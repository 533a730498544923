// web/ → dist/web: each page as one HTML file, one script and one style sheet; nothing from another host.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, root, whenChanged } from './inputs.mjs';

/**
 * Pages of web/, each in a folder of its own name. A page with a script has `<page>.tsx`, which imports its styles; a
 * page without one has `<page>.css`.
 */
const pages = [
  { name: 'signIn', hasScript: false },
  { name: 'playground', hasScript: true },
];

const out = join(root, 'dist', 'web');
const source = (page, extension) => join(root, 'web', page, `${page}.${extension}`);
const copied = pages.flatMap(({ name, hasScript }) =>
  (hasScript ? ['html'] : ['html', 'css']).map(extension => ({ name, extension })),
);
const scripted = pages.filter(({ hasScript }) => hasScript).map(({ name }) => name);

await whenChanged(
  'web',
  {
    inputs: filesUnder('web', 'scripts/buildWeb.mjs', 'package-lock.json'),
    outputs: [
      ...copied.map(({ name, extension }) => `${name}.${extension}`),
      ...scripted.flatMap(name => [`${name}.js`, `${name}.css`]),
    ].map(name => join('dist', 'web', name)),
    what: 'the playground',
  },
  async () => {
    const { build, stop } = await import('esbuild');
    mkdirSync(out, { recursive: true });
    for (const { name, extension } of copied)
      copyFileSync(source(name, extension), join(out, `${name}.${extension}`));
    const built = build({
      entryPoints: Object.fromEntries(scripted.map(name => [name, source(name, 'tsx')])),
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
    // The gateway that `npm start` runs in this process needs no compiler.
    await built.finally(stop);
  },
);
