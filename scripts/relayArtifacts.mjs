// Compiles the documents of docs/clients/relay.md into test/e2e/clients/relayArtifacts.json, from which a test runs them.
// The artifacts are committed, since the compiler takes 118 MB. Run this after a change of the page or of its fields:
// node scripts/relayArtifacts.mjs (it downloads the compiler with npx).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './inputs.mjs';

const compiler = 'relay-compiler@21.0.1';
const page = readFileSync(join(root, 'docs', 'clients', 'relay.md'), 'utf8');
const block = language => page.match(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms'))[1];

const folder = mkdtempSync(join(tmpdir(), 'affinity-relay-'));
const installed = join(folder, 'node_modules', 'affinity-gateway');
const generated = join(folder, 'src', '__generated__');
mkdirSync(installed, { recursive: true });
mkdirSync(join(folder, 'src'));
writeFileSync(join(installed, 'schema.graphql'), readFileSync(join(root, 'schema.graphql')));
writeFileSync(join(folder, 'relay.config.json'), block('json'));
writeFileSync(join(folder, 'src', 'affinity.ts'), block('ts'));
execFileSync('npx', ['--yes', compiler], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
const files = Object.fromEntries(
  readdirSync(generated)
    .sort()
    .map(name => [name, readFileSync(join(generated, name), 'utf8')]),
);
writeFileSync(
  join(root, 'test', 'e2e', 'clients', 'relayArtifacts.json'),
  `${JSON.stringify({ compiler, files }, null, 2)}\n`,
);
rmSync(folder, { recursive: true });
