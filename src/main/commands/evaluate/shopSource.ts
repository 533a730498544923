import { GatewayError } from '../../../domain/errors';
import { toShopId } from '../../../domain/ids';
import type { Preset } from '../../../intake/presets/preset';
import { presets } from '../../../intake/presets/registry';
import type { Snapshot } from '../../../snapshot/snapshot';
import { createMemoryStores } from '../../../store/memory/stores';
import { readSnapshot } from '../../../training/readSnapshot';
import { runImport } from '../import/runImport';
import { demoSnapshot } from './demoData';
import { type EvaluateRun, invalid } from './options';

/** A shop's events and products, and its name in the report. */
export interface ShopData {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** Reads the shop as `affinity train` does. The store is closed before anything trains. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
async function readFromStore(
  id: string,
  { openStores, databaseUrl, signal }: EvaluateRun,
): Promise<ShopData> {
  const opened = await openStores({ databaseUrl });
  try {
    const shopId = toShopId(id);
    if ((await opened.stores.shops.find(shopId)) === null) {
      const message = `Expected a shop of this database; there is no shop "${id}". Import into it first, or try files with --preset.`;
      throw new GatewayError('NOT_FOUND', message, { shopId });
    }
    const snapshot = await readSnapshot(opened.stores, shopId, Date.now(), signal);
    return { name: id, snapshot };
  } finally {
    await opened.close();
  }
}

/** Imports files into memory and reads them from there. @throws {GatewayError} IMPORT_INVALID, CANCELLED */
async function readFiles(how: Preset, paths: readonly string[], { signal }: EvaluateRun): Promise<ShopData> {
  const stores = createMemoryStores();
  const request = { shop: how.name, how, paths, rejectsPath: null, isAgain: false };
  await runImport(request, { stores, clock: Date.now, signal, progressStream: process.stderr });
  const snapshot = await readSnapshot(stores, toShopId(how.name), Date.now(), signal);
  return { name: how.name, snapshot };
}

/** @throws {GatewayError} EVALUATION_INVALID on an unknown name */
function presetOf(name: string): Preset {
  const found = presets.get(name);
  if (found !== undefined) return found;
  throw invalid(
    `--preset among ${[...presets.keys()].join(', ')}`,
    name,
    'Choose one, or import the files into a shop.',
  );
}

/**
 * Returns a function that reads what --shop, --preset or --demo names. The options are checked at once.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export function shopReader(options: EvaluateRun): () => Promise<ShopData> {
  const { shop, preset, demo, data, files, splitSeed } = options;
  const given = [shop, preset, demo].filter(source => source !== undefined);
  if (given.length !== 1)
    throw invalid('one of --shop, --preset and --demo', `${given.length} of them`, 'Give one.');
  const paths = [...(data === undefined ? [] : [data]), ...files];
  if (preset === undefined && paths.length > 0)
    throw invalid('files only with --preset', paths.join(' '), 'Name the format with --preset.');
  if (demo !== undefined)
    return async () => ({ name: 'demo', snapshot: await demoSnapshot(demo, splitSeed) });
  if (shop !== undefined) return () => readFromStore(shop, options);
  const how = presetOf(preset ?? '');
  if (paths.length === 0) throw invalid(`--data FILE with --preset ${how.name}`, 'none', 'Name the files.');
  return () => readFiles(how, paths, options);
}
