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
createRequire(import.meta.url)(program);
