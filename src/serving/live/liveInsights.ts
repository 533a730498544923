import type { Artifact } from '../../artifact/artifact';
import { decodeArtifact } from '../../artifact/decode';
import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import { pause } from '../../numeric/pause';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import { coalesce } from './coalesce';
import type { RefusedArtifact } from './liveModels';

/** Makes of an artifact what serves. @throws {GatewayError} ARTIFACT_DAMAGED */
export type InsightReaders = Readonly<Record<string, (artifact: Artifact) => unknown>>;

/** An insight in service: immutable, replaced whole by a newer one. */
export interface LiveInsight<Reading> {
  readonly record: ArtifactRecord;
  readonly reading: Reading;
}

/** A shop's insights in service, by name. Replaced whole by one assignment: a request that took it keeps it to its end. */
type LiveInsights = ReadonlyMap<string, LiveInsight<unknown>>;

/** A shop's insights in service, and how they are replaced. */
export interface InsightShelf {
  current(): LiveInsights;
  /** Artifacts that should be live but could not be read, by name. */
  refused(): ReadonlyMap<string, RefusedArtifact>;
  /**
   * Reads what the store says is live, beside what serves, then swaps.
   *
   * @throws {GatewayError} UNAVAILABLE
   */
  refresh(): Promise<void>;
}

/** What a shelf needs. */
export interface InsightShelfOptions {
  readonly shopId: ShopId;
  readonly artifacts: ArtifactStore;
  /** By name; what has no reader is not served. */
  readonly readers: InsightReaders;
  readonly onError: (error: unknown) => void;
}

const isDamaged = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED';

/** An empty shelf. A damaged artifact is refused once and told: what served before stays. */
export function createInsightShelf({
  shopId,
  artifacts,
  readers,
  onError,
}: InsightShelfOptions): InsightShelf {
  let insights: LiveInsights = new Map();
  let refused: ReadonlyMap<string, RefusedArtifact> = new Map();

  async function tryRead(record: ArtifactRecord): Promise<LiveInsight<unknown> | RefusedArtifact> {
    const serving = insights.get(record.model);
    if (serving?.record.id === record.id) return serving;
    const refusal = refused.get(record.model);
    if (refusal?.record.id === record.id && isDamaged(refusal.error)) return refusal;
    try {
      const artifact = await decodeArtifact(await artifacts.read(record));
      return { record, reading: readers[record.model](artifact) };
    } catch (error) {
      onError(error);
      return { record, error };
    }
  }

  const refresh = coalesce(async () => {
    const next = new Map<string, LiveInsight<unknown>>();
    const refusals = new Map<string, RefusedArtifact>();
    for (const record of await artifacts.liveOf(shopId)) {
      if (!(record.model in readers)) continue;
      const outcome = await tryRead(record);
      if ('error' in outcome) refusals.set(record.model, outcome);
      const live = 'error' in outcome ? insights.get(record.model) : outcome;
      if (live !== undefined) next.set(record.model, live);
      await pause();
    }
    insights = next;
    refused = refusals;
  });
  return { current: () => insights, refused: () => refused, refresh };
}
