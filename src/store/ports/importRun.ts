import type { ShopId } from '../../domain/ids';

/** Progress of an import. */
export interface ImportRunRecord {
  readonly shopId: ShopId;
  /** Digest of the beginning of the file, its size and the mapping. */
  readonly id: string;
  readonly fileName: string;
  readonly mapping: string;
  readonly linesDone: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Number of rejected lines, by code. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Stores import runs. */
export interface ImportRunStore {
  save(run: ImportRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<ImportRunRecord | null>;
}
