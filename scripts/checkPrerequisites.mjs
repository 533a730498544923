// Checks the settings and the prerequisites of a gateway (src/main/checks/prerequisites.ts) before there is a build, and ends the
// process with one sentence when something is missing. Nothing is written: the checkout may be read-only.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { root } from './inputs.mjs';

/** In place of main/trainables.ts, which needs a build: any name of a model passes, and is checked after the build. */
const withoutModels = {
  name: 'withoutModels',
  setup(bundle) {
    bundle.onResolve({ filter: /\/trainables$/ }, ({ path }) => ({ path, namespace: 'withoutModels' }));
    bundle.onLoad({ filter: /.*/, namespace: 'withoutModels' }, () => ({
      contents:
        'exports.trainableNames = { includes: () => true, join: () => "" }; exports.defaultTrainings = [];',
    }));
  },
};

const entry = join(root, 'src', 'main', 'checks', 'prerequisites.ts');

/** Compiles and loads the checks. */
async function loadChecks() {
  const { build, stop } = await import('esbuild');
  const built = build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    plugins: [withoutModels],
  });
  // The gateway that `npm start` runs in this process needs no compiler.
  const { outputFiles } = await built.finally(stop);
  const loaded = { exports: {} };
  compileFunction(outputFiles[0].text, ['module', 'exports', 'require'], { filename: entry })(
    loaded,
    loaded.exports,
    createRequire(entry),
  );
  return loaded.exports;
}

/** Returns the checks; null where they cannot be compiled but there is a build, which checks by itself. */
async function findChecks() {
  try {
    return await loadChecks();
  } catch (error) {
    if (existsSync(join(root, 'dist', 'main', 'affinity.js'))) return null;
    throw error;
  }
}

const checks = await findChecks();
try {
  await checks?.checkEnvironment(process.env, message => console.log(message));
} catch (error) {
  if (error.code === undefined) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}
