import { decodeArtifact } from '../../artifact/decode';
import type { ShopId } from '../../domain/ids';
import type { Insight } from '../../insights/insight';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import { sha256Of } from '../../store/ports/sha256';
import { type ArtifactShelf, createArtifactShelf, type Shelved } from './artifactShelf';

/** What serving needs of an insight. */
export type ServedInsight<Reading = unknown> = Pick<Insight<Reading>, 'card' | 'load'>;

/** An insight that serves a shop. */
export interface LiveInsight<Reading> extends Shelved {
  /** Instant of the latest event that it learned from, milliseconds since the epoch. */
  readonly asOf: number;
  readonly reading: Reading;
}

/**
 * Returns an insight as it serves a shop now; null where none does.
 *
 * @throws {GatewayError} NOT_FOUND, UNAVAILABLE
 */
export type FindLiveInsight = <Reading>(
  shopId: ShopId,
  insight: ServedInsight<Reading>,
) => Promise<LiveInsight<Reading> | null>;

/** A shop's live insights. */
export interface InsightShelf
  extends Pick<ArtifactShelf<LiveInsight<unknown>>, 'current' | 'refused' | 'refresh'> {
  find<Reading>(insight: ServedInsight<Reading>): LiveInsight<Reading> | null;
}

/** Options of {@link createInsightShelf}. */
export interface InsightShelfOptions {
  readonly shopId: ShopId;
  readonly artifacts: ArtifactStore;
  /** Artifacts of other names are not served from this shelf. */
  readonly insights: readonly ServedInsight[];
  readonly onError: (error: unknown) => void;
}

/** Creates an empty shelf of insights. */
export function createInsightShelf({ insights, ...options }: InsightShelfOptions): InsightShelf {
  const byName = new Map(insights.map(insight => [insight.card.name, insight]));
  const load = async (record: ArtifactRecord): Promise<LiveInsight<unknown>> => {
    const artifact = await decodeArtifact(await options.artifacts.read(record), sha256Of);
    return { record, asOf: artifact.header.asOf, reading: byName.get(record.model)?.load(artifact) };
  };
  const { current, refused, refresh } = createArtifactShelf({
    ...options,
    holds: name => byName.has(name),
    load,
  });
  return {
    ...{ current, refused, refresh },
    // A reading was made by the insight of that name: its type is that of the insight's `load`.
    find: <Reading>({ card: { name } }: ServedInsight<Reading>) =>
      (current().get(name) as LiveInsight<Reading> | undefined) ?? null,
  };
}
