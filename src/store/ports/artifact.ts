import type { ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** A trained model, described. */
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

/** Artifacts: description and bytes together. */
export interface ArtifactStore {
  /** Keeps bytes and record in one commit. */
  save(record: ArtifactRecord, bytes: Uint8Array): Promise<void>;
  /** Makes this the one live artifact of its model; announces an `artifact` change after the commit. */
  publish(shopId: ShopId, id: string, now: number): Promise<void>;
  liveOf(shopId: ShopId): Promise<readonly ArtifactRecord[]>;
  /** By (createdAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<ArtifactRecord>>;
  /** @throws {GatewayError} ARTIFACT_DAMAGED when the bytes do not have the record's checksum, or are gone */
  read(record: ArtifactRecord): Promise<Uint8Array>;
  /** Drops bytes and records of a model but the live one and the `keep` newest. */
  prune(shopId: ShopId, model: string, keep: number): Promise<number>;
}
