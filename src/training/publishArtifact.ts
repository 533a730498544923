import { createHash } from 'node:crypto';
import type { Artifact } from '../artifact/artifact';
import { encodeArtifact } from '../artifact/encode';
import type { ShopId } from '../domain/ids';
import type { Model } from '../models/model';
import type { ArtifactRecord, ArtifactStore } from '../store/ports/artifact';

/** Values of settings by name. */
export type ModelSettings = Model['settings'];

/** Returns a hash of settings that does not depend on their order. */
function hashOfSettings(settings: ModelSettings = {}): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
}

/** An artifact to publish. */
export interface Publication {
  readonly shopId: ShopId;
  readonly id: string;
  readonly artifact: Artifact;
  /** The settings of the training. */
  readonly settings: ModelSettings;
  /** Numbers are stored as the record's metrics, strings in its config. */
  readonly metrics: Readonly<Record<string, number | string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Artifacts of the same model to keep besides the live one. */
  readonly kept: number;
}

/** Returns the metrics that are finite numbers. */
export function figuresOf(metrics: Publication['metrics']): Readonly<Record<string, number>> {
  const figures = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(figures) as Record<string, number>;
}

const wordsOf = (metrics: Publication['metrics']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Returns a version like `20260115T101500123Z-1f3a9c02`: sorts by age, and ends alike for equal bytes. */
const versionOf = (now: number, checksum: string): string =>
  `${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}-${checksum.slice(0, 8)}`;

/** Saves an artifact, makes it live, and removes the oldest of its model. @throws {GatewayError} UNAVAILABLE */
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
    config: { ...config, ...wordsOf(metrics), seed, settings: hashOfSettings(settings) },
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
 * Returns whether an artifact was trained with these settings. Compares with the record, because a model may write learned
 * values into the header of the artifact. False for artifacts from before settings were recorded.
 */
export const isSameSettings = ({ config }: ArtifactRecord, settings: ModelSettings): boolean =>
  config['settings'] === hashOfSettings(settings);

/** Returns whether an artifact was trained on the same data with the same seed and settings, which would give the same bytes. */
export function isSameTraining(
  record: ArtifactRecord,
  snapshotDigest: string,
  seed: number,
  settings: ModelSettings,
): boolean {
  const isSameData = record.snapshotDigest === snapshotDigest && record.config['seed'] === seed;
  return isSameData && isSameSettings(record, settings);
}
