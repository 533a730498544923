import { decodeArtifact } from '../../artifact/decode';
import { can } from '../../models/capability';
import type { Model, ModelCard, Scorer } from '../../models/model';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import { createVectorScan, type VectorScan } from '../scan/vectorScan';
import type { Catalogue } from './catalogue';
import type { ServingConfig } from './config';
import { createLiveStates, type LiveStates } from './liveStates';

/** What of the config a live model is made with. */
export type LiveModelConfig = Pick<ServingConfig, 'liveStates' | 'scanFrom'>;

/** A model that serves: immutable but for its scratch, replaced whole by a newer one. */
export interface LiveModel {
  readonly record: ArtifactRecord;
  readonly card: ModelCard;
  readonly scorer: Scorer;
  /** Scratch of one synchronous scoring, [scorer.products.size]; holds nothing between calls. */
  readonly scores: Float32Array;
  /** What it read since its training, by product id: a short name of the text. */
  readonly admitted: ReadonlyMap<string, string>;
  readonly config: LiveModelConfig;
  /** What it remembers of shoppers who are here; null for a model without states. Goes when the model goes. */
  readonly states: LiveStates | null;
  /** Its best products without a score for each; null for one without vectors, or a small one. */
  readonly scan: VectorScan | null;
  /** Catalogue row of each scorer row; -1 for a product the catalogue does not have (yet). */
  catalogueRows(): Int32Array;
}

/** A shop's models in service, by name. */
export type LiveModels = ReadonlyMap<string, LiveModel>;

/** Keeps a scorer's rows joined to a growing catalogue: rows stay, so only the missing ones are looked up again. */
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
  { record, card, config }: Pick<LiveModel, 'record' | 'card' | 'config'>,
  scorer: Scorer,
  admitted: LiveModel['admitted'],
  catalogue: Catalogue,
): LiveModel => ({
  record,
  card,
  scorer,
  scores: new Float32Array(scorer.products.size),
  admitted,
  config,
  states: can(scorer, 'openState') ? createLiveStates(scorer.openState, config.liveStates) : null,
  scan: null,
  catalogueRows: joinRows(scorer, catalogue),
});

/** The same artifact in service with another scorer, which has read more products; its scan grows with it. */
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

/** One product in so many may be scored apart before all are encoded anew. */
const encodedPerApart = 16;

/** The model with a scan, if its vectors make one worthwhile; encoded anew where many products came since. */
export async function withScan(live: LiveModel): Promise<LiveModel> {
  const { scorer, config, scan, catalogueRows } = live;
  if (!can(scorer, 'retrieve') || scorer.products.size < config.scanFrom) return live;
  const { vectors, products } = scorer;
  if (scan !== null && scan.apart * encodedPerApart <= products.size) return live;
  return { ...live, scan: await createVectorScan({ products, vectors, catalogueRows }) };
}

/**
 * Reads, checks and loads an artifact beside what serves; without a scan yet.
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
  const artifact = await decodeArtifact(await artifacts.read(record));
  const live = served({ record, card: model.card, config }, model.load(artifact), new Map(), catalogue);
  live.catalogueRows();
  return live;
}
