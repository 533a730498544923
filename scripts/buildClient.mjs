// Generates the types of the schema for front ends: what `import type { … } from 'affinity-gateway/client'` gives.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, root, whenChanged } from './inputs.mjs';

const output = 'dist/client/schema.d.ts';

/** JSON types of the schema's own scalars: what arrives in a response. */
const scalars = {
  DateTime: 'string',
  JSONObject: '{ readonly [key: string]: unknown }',
  SafeInt: 'number',
};

await whenChanged(
  'client',
  {
    inputs: filesUnder('schema.graphql', 'scripts/buildClient.mjs', 'package-lock.json'),
    outputs: [output],
    what: 'the types for front ends',
  },
  async () => {
    const { codegen } = await import('@graphql-codegen/core');
    const typescriptPlugin = await import('@graphql-codegen/typescript');
    const { parse } = await import('graphql');
    const config = {
      scalars,
      enumsAsTypes: true,
      immutableTypes: true,
      strictScalars: true,
      skipTypename: true,
    };
    const code = await codegen({
      filename: output,
      schema: parse(readFileSync(join(root, 'schema.graphql'), 'utf8')),
      documents: [],
      config,
      plugins: [{ typescript: config }],
      pluginMap: { typescript: typescriptPlugin },
    });
    mkdirSync(join(root, 'dist', 'client'), { recursive: true });
    writeFileSync(join(root, output), `// Made from schema.graphql by scripts/buildClient.mjs.\n${code}`);
  },
);
