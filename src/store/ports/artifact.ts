import type { ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** One version of a trained model, without its bytes. Instants are milliseconds since the epoch. */
export interface ArtifactRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly model: string;
  /** Sorts by age: UTC time of training and a short digest. */
  readonly version: string;
  readonly snapshotDigest: string;
  /** Hex SHA-256 of the bytes. */
  readonly checksum: string;
  readonly byteLength: number;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly isLive: boolean;
  readonly createdAt: number;
  readonly publishedAt: number | null;
}

/** Stores artifacts: records and bytes. */
export interface ArtifactStore {
  /** Stores the bytes, verifies them, and then stores the record: an artifact with a record is complete. */
  save(record: ArtifactRecord, bytes: Uint8Array): Promise<void>;
  /** Makes this the only live artifact of its model. Announces an `artifact` change after the commit. */
  publish(shopId: ShopId, id: string, now: number): Promise<void>;
  liveOf(shopId: ShopId): Promise<readonly ArtifactRecord[]>;
  /** By (createdAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<ArtifactRecord>>;
  /** @throws {GatewayError} ARTIFACT_DAMAGED when the bytes do not match the checksum of the record, or are missing */
  read(record: ArtifactRecord): Promise<Uint8Array>;
  /**
   * Checks the stored bytes of a record without keeping them in memory.
   *
   * @throws {GatewayError} ARTIFACT_DAMAGED when they do not match its checksum, or are missing
   */
  verify(record: ArtifactRecord): Promise<void>;
  /** Deletes the artifacts of a model, except the live one and the `keep` newest. Returns the number of deleted ones. */
  prune(shopId: ShopId, model: string, keep: number): Promise<number>;
  /** Removes bytes of uploads that were given up: no record describes them, and they were saved over an hour ago. */
  removeUnfinished(shopId: ShopId): Promise<void>;
}
