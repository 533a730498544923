// Runs GraphQL Code Generator in a process of its own, because some of its packages are ES modules that Jest cannot load.
// Input: JSON `{ schema, documents, plugins, config }` on standard input. Output: the generated TypeScript.
import { readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const { schema, documents, plugins, config } = JSON.parse(readFileSync(0, 'utf8'));
const code = await codegen({
  filename: 'client.ts',
  schema: parse(schema),
  documents: [{ location: 'queries.graphql', document: parse(documents) }],
  config,
  plugins: plugins.map(name => ({ [name]: config })),
  pluginMap: { 'typescript-operations': typescriptOperations, 'typed-document-node': typedDocumentNode },
});
process.stdout.write(code);
