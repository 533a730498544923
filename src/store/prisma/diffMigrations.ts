import { readMigrations, readSchema } from './migrationFiles';
import { toFiles, withSchemaEngine } from './schemaEngine';

const filters = { externalTables: [], externalEnums: [] };

/**
 * Returns the SQL that leads from the migrations of a folder to its schema.prisma; null when they agree.
 *
 * @param url - an empty database, to which the migrations are applied
 */
export async function diffMigrations(url: string, folder: string): Promise<string | null> {
  const files = toFiles(readSchema(folder));
  return await withSchemaEngine(url, readSchema(folder), async engine => {
    await engine.applyMigrations({ migrationsList: readMigrations(folder), filters });
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: folder },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 0 ? null : stdout;
  });
}
