import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mapping } from '../../src/intake/mapping';
import type { Preset } from '../../src/intake/presets/preset';
import { presets } from '../../src/intake/presets/registry';
import { type ImportRequest, runImport } from '../../src/main/commands/import/runImport';
import type { ImportSummary } from '../../src/main/commands/import/summary';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';

/** 2026-07-01T12:00:00Z: the clock of every import in the tests. */
export const importNow = Date.UTC(2026, 6, 1, 12);

/** A folder of a test's own; removed by {@link TestFolder.remove}. */
export interface TestFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  rejects(): readonly {
    readonly line: number;
    readonly code: string;
    readonly file: string;
    readonly text: string;
  }[];
  remove(): void;
}

/** Makes a folder under the system's temporary one. */
export function makeTestFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'affinity-import-'));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    rejects: () =>
      readFileSync(join(path, 'rejects.jsonl'), 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A preset by name; fails the test when there is none. */
export function presetNamed(name: string): Preset {
  const found = presets.get(name);
  if (!found) throw new Error(`Expected a preset ${name}; there is none.`);
  return found;
}

/** An error stream that discards what an import writes. */
const silent = Object.assign(Object.create(process.stderr), { isTTY: false, write: () => true });

/** Imports files into the shop `s`, in memory stores by default, and returns the summary and the stores. */
export async function importInto(
  folder: TestFolder,
  how: Preset | Mapping,
  paths: readonly string[],
  options: Partial<ImportRequest> & { readonly stores?: Stores; readonly signal?: AbortSignal } = {},
): Promise<{ readonly summary: ImportSummary; readonly stores: Stores }> {
  const { stores = createMemoryStores(), signal = new AbortController().signal, ...request } = options;
  const summary = await runImport(
    { shop: 's', how, paths, rejectsPath: join(folder.path, 'rejects.jsonl'), isAgain: false, ...request },
    { stores, clock: () => importNow, signal, progressStream: silent },
  );
  return { summary, stores };
}
