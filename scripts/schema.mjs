// src/graphql → schema.graphql, the contract for clients. Run it after a change of the schema, and review the diff.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import './build.mjs';
import { root } from './inputs.mjs';

const require = createRequire(import.meta.url);
const { schemaText } = require(join(root, 'dist/graphql/schemaText.js'));
writeFileSync(join(root, 'schema.graphql'), schemaText());
