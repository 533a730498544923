import { createHash } from 'node:crypto';
import type { Artifact } from '../artifact/artifact';
import { encodeArtifact } from '../artifact/encode';
import type { ShopId } from '../domain/ids';
import type { Model } from '../models/model';
import type { ArtifactRecord, ArtifactStore } from '../store/ports/artifact';

/** Settings of a model by name; left out where nobody told them. */
export type ModelSettings = Model['settings'];

/** A short name of settings, whatever their order; equal for equal settings only. */
function nameOfSettings(settings: ModelSettings = {}): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
}

/** What to publish, and as whose. */
export interface Publication {
  readonly shopId: ShopId;
  readonly id: string;
  readonly artifact: Artifact;
  /** What the model was made with. */
  readonly settings: ModelSettings;
  /** Figures go to the record's metrics, words to its config. */
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Artifacts of the model to keep beside the live one. */
  readonly kept: number;
}

/** Metrics that are numbers: what records keep. Numbers that are not finite say nothing and are left out. */
export function figuresOf(metrics: Publication['metrics']): Readonly<Record<string, number>> {
  const figures = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(figures) as Record<string, number>;
}

const wordsOf = (metrics: Publication['metrics']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** `20260115T101500123Z-1f3a9c02`: sorts by age, and tells equal bytes by the end. */
const versionOf = (now: number, checksum: string): string =>
  `${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}-${checksum.slice(0, 8)}`;

/** Keeps an artifact, makes it the live one, and drops the oldest of its model. @throws {GatewayError} UNAVAILABLE */
export async function publishArtifact(
  artifacts: ArtifactStore,
  publication: Publication,
): Promise<ArtifactRecord> {
  const { shopId, id, artifact, settings, metrics, now, kept } = publication;
  const { model, snapshotDigest, seed, config } = artifact.header;
  const bytes = await encodeArtifact(artifact);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const record: ArtifactRecord = {
    shopId,
    id,
    model,
    version: versionOf(now, checksum),
    snapshotDigest,
    checksum,
    byteLength: bytes.length,
    config: { ...config, ...wordsOf(metrics), seed, settings: nameOfSettings(settings) },
    metrics: figuresOf(metrics),
    isLive: false,
    createdAt: now,
    publishedAt: null,
  };
  await artifacts.save(record, bytes);
  await artifacts.publish(shopId, id, now);
  await artifacts.prune(shopId, model, kept);
  return record;
}

/**
 * Whether an artifact was made with these settings. What a model writes into its header is no sign: it may be learned. One
 * published before settings were recorded was made with others.
 */
export const isSameSettings = ({ config }: ArtifactRecord, settings: ModelSettings): boolean =>
  config['settings'] === nameOfSettings(settings);

/** Whether an artifact was made of this very data with this seed and these settings: making it again would give the same bytes. */
export function isSameTraining(
  record: ArtifactRecord,
  snapshotDigest: string,
  seed: number,
  settings: ModelSettings,
): boolean {
  const isSameData = record.snapshotDigest === snapshotDigest && record.config['seed'] === seed;
  return isSameData && isSameSettings(record, settings);
}
