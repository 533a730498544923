import type { ShopId } from '../../domain/ids';

/** How far an import has come. */
export interface ImportRunRecord {
  readonly shopId: ShopId;
  /** Digest of the file's head, size and the mapping. */
  readonly id: string;
  readonly fileName: string;
  readonly mapping: string;
  readonly linesDone: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Rejected lines by code. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Import runs. */
export interface ImportRunStore {
  save(run: ImportRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<ImportRunRecord | null>;
}
