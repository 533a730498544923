#!/usr/bin/env node
import './requireNode.mjs';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main', 'affinity.js');
if (!existsSync(program)) {
  console.error(`Expected a build at ${program}; there is none. Run: npm run build`);
  process.exit(1);
}
try {
  createRequire(import.meta.url)(program);
} catch (error) {
  const [, name] = /^Cannot find module '([^./][^']*)'/.exec(error.message) || [];
  if (error.code !== 'MODULE_NOT_FOUND' || name === undefined) throw error;
  console.error(`Expected the packages of package-lock.json; got no ${name}. Run npm ci and start again.`);
  process.exit(1);
}
