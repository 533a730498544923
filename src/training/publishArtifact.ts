import { createHash } from 'node:crypto';
import type { Artifact } from '../artifact/artifact';
import { encodeArtifact } from '../artifact/encode';
import type { ShopId } from '../domain/ids';
import type { ArtifactRecord, ArtifactStore } from '../store/ports';

/** What to publish, and as whose. */
export interface Publication {
  readonly shopId: ShopId;
  readonly id: string;
  readonly artifact: Artifact;
  readonly metrics: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Artifacts of the model to keep beside the live one. */
  readonly kept: number;
}

/** `20260115T101500123Z-1f3a9c02`: sorts by age, and tells equal bytes by the end. */
const versionOf = (now: number, checksum: string): string =>
  `${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}-${checksum.slice(0, 8)}`;

/** Keeps an artifact, makes it the live one, and drops the oldest of its model. @throws {GatewayError} UNAVAILABLE */
export async function publishArtifact(
  artifacts: ArtifactStore,
  publication: Publication,
): Promise<ArtifactRecord> {
  const { shopId, id, artifact, metrics, now, kept } = publication;
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
    config: { ...config, seed },
    metrics,
    isLive: false,
    createdAt: now,
    publishedAt: null,
  };
  await artifacts.save(record, bytes);
  await artifacts.publish(shopId, id, now);
  await artifacts.prune(shopId, model, kept);
  return record;
}

/** Whether an artifact was made of this very data with this seed: making it again would give the same bytes. */
export function isSameTraining(record: ArtifactRecord, snapshotDigest: string, seed: number): boolean {
  const { seed: itsSeed } = record.config;
  return record.snapshotDigest === snapshotDigest && itsSeed === seed;
}
