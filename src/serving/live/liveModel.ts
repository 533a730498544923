import { decodeArtifact } from '../../artifact/decode';
import { can } from '../../models/capability';
import type { Model, ModelCard, Scorer } from '../../models/model';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import { sha256Of } from '../../store/ports/sha256';
import { createVectorScan, type VectorScan } from '../scan/vectorScan';
import type { Catalogue } from './catalogue';
import type { ServingConfig } from './config';
import { createLiveStates, type LiveStates } from './liveStates';

/** The settings that live models use. */
export type LiveModelConfig = Pick<ServingConfig, 'liveStates' | 'scanFrom'>;

/** A model that serves. Immutable except for its scratch; a newer one replaces it whole. */
export interface LiveModel {
  readonly record: ArtifactRecord;
  /** Instant of the latest event that it learned from, milliseconds since the epoch. */
  readonly asOf: number;
  readonly card: ModelCard;
  readonly scorer: Scorer;
  /** Scratch of one synchronous scoring; its contents are not kept between calls. [scorer.products.size] */
  readonly scores: Float32Array;
  /** Products that were admitted since the training, by id, with a hash of their text. */
  readonly admitted: ReadonlyMap<string, string>;
  readonly config: LiveModelConfig;
  /** States of active shoppers, dropped together with the model; null for a model without states. */
  readonly states: LiveStates | null;
  /** Finds the best products without scoring each; null for a model without vectors, or a small one. */
  readonly scan: VectorScan | null;
  /** Returns the catalogue row of each scorer row; -1 for a product that is not in the catalogue (yet). */
  catalogueRows(): Int32Array;
}

/** A shop's live models, by name. */
export type LiveModels = ReadonlyMap<string, LiveModel>;

/** Returns a function that joins a scorer's rows to a growing catalogue. Rows never change, so only missing ones are looked up again. */
function joinRows(scorer: Scorer, catalogue: Catalogue): () => Int32Array {
  const rows = new Int32Array(scorer.products.size).fill(-1);
  let missing = Array.from(rows.keys());
  let seen = -1;
  return () => {
    if (seen !== catalogue.size && missing.length > 0) {
      missing = missing.filter(row => {
        rows[row] = catalogue.rowOf(scorer.products.idOf(row));
        return rows[row] < 0;
      });
    }
    seen = catalogue.size;
    return rows;
  };
}

const served = (
  { record, asOf, card, config }: Pick<LiveModel, 'record' | 'asOf' | 'card' | 'config'>,
  scorer: Scorer,
  admitted: LiveModel['admitted'],
  catalogue: Catalogue,
): LiveModel => ({
  record,
  asOf,
  card,
  scorer,
  scores: new Float32Array(scorer.products.size),
  admitted,
  config,
  states: can(scorer, 'openState') ? createLiveStates(scorer.openState, config.liveStates) : null,
  scan: null,
  catalogueRows: joinRows(scorer, catalogue),
});

/** Returns the live model with a scorer that admitted more products; its scan grows with it. */
export function withScorer(
  live: LiveModel,
  scorer: Scorer,
  admitted: LiveModel['admitted'],
  catalogue: Catalogue,
): LiveModel {
  const grown = served(live, scorer, admitted, catalogue);
  if (live.scan === null || !can(scorer, 'retrieve')) return grown;
  const { vectors, products } = scorer;
  const { catalogueRows } = grown;
  return { ...grown, scan: live.scan.grown({ products, vectors, catalogueRows }) };
}

/** At most one product per this many may be outside the encoded ones before all are encoded again. */
const encodedPerApart = 16;

/** Returns the model with a scan, if it has enough products with vectors; encoded again when many were admitted since. */
export async function withScan(live: LiveModel): Promise<LiveModel> {
  const { scorer, config, scan, catalogueRows } = live;
  if (!can(scorer, 'retrieve') || scorer.products.size < config.scanFrom) return live;
  const { vectors, products } = scorer;
  if (scan !== null && scan.apart * encodedPerApart <= products.size) return live;
  return { ...live, scan: await createVectorScan({ products, vectors, catalogueRows }) };
}

/**
 * Reads, checks and loads an artifact; without a scan yet.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE
 */
export async function loadLiveModel(
  record: ArtifactRecord,
  model: Model,
  artifacts: ArtifactStore,
  catalogue: Catalogue,
  config: LiveModelConfig,
): Promise<LiveModel> {
  const artifact = await decodeArtifact(await artifacts.read(record), sha256Of);
  const { asOf } = artifact.header;
  const live = served({ record, asOf, card: model.card, config }, model.load(artifact), new Map(), catalogue);
  live.catalogueRows();
  return live;
}
