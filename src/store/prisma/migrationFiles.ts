import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';

/** Folder of schema.prisma and migrations/, at the same relative path from src/store/prisma and dist/store/prisma. */
export const prismaDir = join(__dirname, '..', '..', '..', 'prisma');

const lockPath = 'migration_lock.toml';

/** Reads the migrations of a folder, oldest first, in the format of Prisma's engine. */
export function readMigrations(folder: string): MigrationList {
  const baseDir = join(folder, 'migrations');
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
  return {
    baseDir,
    lockfile: { path: lockPath, content: readFileSync(join(baseDir, lockPath), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.map(name => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(baseDir, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** Reads the current schema.prisma. */
export const readSchema = (folder: string): string => readFileSync(join(folder, 'schema.prisma'), 'utf8');

/** Reads the copy of schema.prisma that was stored with a migration; null when it has none. */
export function readSchemaAt(folder: string, migration: string): string | null {
  const path = join(folder, 'migrations', migration, 'schema.prisma');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
