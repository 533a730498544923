import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Returns all files under the given files and folders, sorted. */
export function filesUnder(...paths) {
  const found = [];
  for (const path of paths) {
    const absolute = join(root, path);
    if (!existsSync(absolute)) continue;
    if (statSync(absolute).isFile()) found.push(absolute);
    else for (const entry of readdirSync(absolute)) found.push(...filesUnder(join(path, entry)));
  }
  return found.sort();
}

/**
 * Runs `work` unless it ran before on the same inputs and its outputs still exist, so that a second start does not build
 * again. Prints what it does. An interrupted run leaves no stamp, so that the next one begins again.
 */
export async function whenChanged(name, { inputs, outputs, what }, work) {
  const hash = createHash('sha256');
  for (const file of inputs)
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  const digest = hash.digest('hex');
  const stamp = join(root, '.cache', 'build', `${name}.sha256`);
  const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (isFresh && outputs.every(output => existsSync(join(root, output)))) return;
  rmSync(stamp, { force: true });
  const startedAt = performance.now();
  console.error(`Building ${what} …`);
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  console.error(`Built ${what} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}
