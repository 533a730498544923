import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma looks for a native schema engine even where none is needed, and would download one. Any existing file
// satisfies the look-up; migrations run in WASM (src/store/prisma/migrate.ts). Remove when Prisma ships without it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(import.meta.url);

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
