import { createHash } from 'node:crypto';
import { GatewayError } from '../../domain/errors';
import type { ArtifactRecord, ArtifactStore } from '../ports/artifact';
import { ByShop } from './byShop';
import type { MemoryChanges } from './changes';
import { comparePositions, pageOf } from './order';

const positionOf = (record: ArtifactRecord) => ({ at: record.createdAt, id: record.id });

/** Removes an artifact, and its bytes unless another artifact has the same. */
function drop(records: ByShop<ArtifactRecord>, blobs: ByShop<Uint8Array>, record: ArtifactRecord): void {
  const rows = records.of(record.shopId);
  rows.delete(record.id);
  const isShared = [...rows.values()].some(other => other.checksum === record.checksum);
  if (!isShared) blobs.of(record.shopId).delete(record.checksum);
}

/** Returns the bytes of an artifact. @throws {GatewayError} ARTIFACT_DAMAGED when the checksum differs */
function verifiedBytes(blobs: ByShop<Uint8Array>, record: ArtifactRecord): Uint8Array {
  const bytes = blobs.of(record.shopId).get(record.checksum);
  const checksum = bytes === undefined ? null : createHash('sha256').update(bytes).digest('hex');
  if (bytes === undefined || checksum !== record.checksum) {
    throw new GatewayError(
      'ARTIFACT_DAMAGED',
      `Expected bytes with the checksum of artifact ${record.id}; got ${bytes === undefined ? 'none' : 'different bytes'}. Train again.`,
      { artifactId: record.id, model: record.model },
    );
  }
  return bytes;
}

/** Creates the in-memory store of artifacts. */
export function createMemoryArtifacts(changes: MemoryChanges): ArtifactStore {
  const records = new ByShop<ArtifactRecord>();
  const blobs = new ByShop<Uint8Array>();

  return {
    async save(record, bytes) {
      if (records.of(record.shopId).has(record.id)) {
        throw new GatewayError('BAD_USER_INPUT', 'Expected a new artifact id; got one that exists.', {
          artifactId: record.id,
        });
      }
      records.of(record.shopId).set(record.id, record);
      blobs.of(record.shopId).set(record.checksum, bytes.slice());
    },
    async publish(shopId, id, now) {
      const rows = records.of(shopId);
      const chosen = rows.get(id);
      if (chosen === undefined) {
        throw new GatewayError('NOT_FOUND', 'Expected an artifact of this shop; got an unknown id.', {
          artifactId: id,
        });
      }
      for (const record of [...rows.values()].filter(other => other.model === chosen.model && other.isLive)) {
        rows.set(record.id, { ...record, isLive: false });
      }
      rows.set(id, { ...chosen, isLive: true, publishedAt: now });
      changes.announce({ kind: 'artifact', shopId });
    },
    async liveOf(shopId) {
      const live = [...records.of(shopId).values()].filter(record => record.isLive);
      return live.sort((left, right) => comparePositions(positionOf(left), positionOf(right)));
    },
    async page(shopId, request) {
      return pageOf(records.of(shopId).values(), request, positionOf, -1);
    },
    async read(record) {
      return verifiedBytes(blobs, record).slice();
    },
    async verify(record) {
      verifiedBytes(blobs, record);
    },
    async prune(shopId, model, keep) {
      const ofModel = [...records.of(shopId).values()].filter(record => record.model === model);
      ofModel.sort((left, right) => comparePositions(positionOf(right), positionOf(left)));
      const old = ofModel.slice(keep).filter(record => !record.isLive);
      for (const record of old) drop(records, blobs, record);
      return old.length;
    },
    async removeUnfinished() {
      // Bytes and record are stored in one step here.
    },
  };
}
