import type { ProductVectors, ShopperHistory } from '../../models/model';
import { pause } from '../../numeric/pause';
import { createScan, type Scan } from '../../numeric/scan';
import type { Vocabulary } from '../../snapshot/vocabulary';
import type { VectorIndexer } from '../../store/ports/vectorIndex';
import { createGrownScan, rowsApart } from './grownScan';
import { createIndexedScan, measureRecall } from './indexedScan';

/** The best products of a model by row, found without scoring all. */
export interface BestRows {
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** How an approximate index compares with exact search. */
export interface MeasuredIndex {
  /** Recall@20 with products as queries: see measureRecall. */
  readonly recall: number;
  /** Whether it is used. When its recall is too low, exact search stays. */
  readonly serves: boolean;
}

/** Lowest recall@20 with which an index is used. */
const minRecall = 0.95;

/** Vectors encoded for scanning, and the index over them: shared by all scans that grew from one. */
export interface ScanRoot {
  /** Builds an index and measures it; from then on scans use it if its recall suffices. @throws {GatewayError} CANCELLED */
  buildIndex(indexer: VectorIndexer, signal: AbortSignal): Promise<MeasuredIndex>;
  /** Returns the measurement; null while there is no index. */
  index(): MeasuredIndex | null;
}

/** Finds the best products of a model with the `retrieve` capability. */
export interface VectorScan {
  readonly root: ScanRoot;
  /** How many products are scored one by one, because they came or changed after the others were encoded. */
  readonly apart: number;
  /**
   * Returns the `count` best products that may be listed: the same as `scoreInto`, the mask and topK, or nearly so when
   * an index is used. Null when the model has no score for the shopper.
   *
   * @param mask - 1 for each catalogue row that may be listed
   * @param excluded - product ids that may not
   */
  best(history: ShopperHistory, mask: Uint8Array, excluded: Iterable<string>, count: number): BestRows | null;
  /**
   * Returns the scan of a scorer that has admitted products. Known products keep their rows; products whose vector differs
   * from what was encoded are scored one by one. This scan does not change. Null when the number of columns differs.
   */
  grown(scanned: Scanned): VectorScan | null;
}

/** A scorer's vectors, and where its products are in the catalogue. */
export interface Scanned {
  readonly products: Vocabulary;
  readonly vectors: ProductVectors;
  /** Catalogue row of each product row, -1 for none; of the catalogue to which masks belong. */
  readonly catalogueRows: () => Int32Array;
}

/** A root, and what the scans over it use. */
interface Encoded {
  readonly root: ScanRoot;
  readonly vectors: ProductVectors;
  /** The best scan at present: through the index, once there is one. */
  scan(): Scan;
}

/** Joins masks of the catalogue to product rows. A mask belongs to one state of the catalogue, so it is a cache key. */
function createAllowing({ vectors, catalogueRows }: Scanned): (mask: Uint8Array) => Uint8Array {
  const { scored } = vectors;
  const allowedBy = new WeakMap<Uint8Array, Uint8Array>();
  return mask => {
    const known = allowedBy.get(mask);
    if (known !== undefined) return known;
    const allowed = Uint8Array.from(catalogueRows(), (listed, row) =>
      Number(listed >= 0 && mask[listed] === 1 && (scored === undefined || scored[row] === 1)),
    );
    allowedBy.set(mask, allowed);
    return allowed;
  };
}

/** @param scan - over the rows of `scanned` */
function scanOver(encoded: Encoded, scan: () => Scan, apart: number, scanned: Scanned): VectorScan {
  const { products, vectors } = scanned;
  const query = new Float32Array(vectors.columns);
  const allowedFor = createAllowing(scanned);
  return {
    root: encoded.root,
    apart,
    best(history, mask, excluded, count) {
      if (!vectors.queryInto(history, query)) return null;
      const allowed = allowedFor(mask);
      const barred = [...excluded]
        .map(id => products.rowOf(id))
        .filter(row => row >= 0 && allowed[row] === 1);
      for (const row of barred) allowed[row] = 0;
      const [rows, scores] = [new Uint32Array(count), new Float32Array(count)];
      const length = scan().topInto(query, rows, scores, allowed);
      for (const row of barred) allowed[row] = 1;
      return { rows: rows.subarray(0, length), scores: scores.subarray(0, length) };
    },
    grown(later) {
      if (later.vectors.columns !== encoded.vectors.columns) return null;
      const own = rowsApart(encoded.vectors, later.vectors);
      const grown = createGrownScan(encoded.scan, encoded.vectors, later.vectors, own);
      return scanOver(encoded, () => grown, own.length, later);
    },
  };
}

/** Encodes the vectors: takes seconds for a million of them, with pauses. */
export async function createVectorScan(scanned: Scanned): Promise<VectorScan> {
  const { vectors } = scanned;
  const { rows, columns, scored } = vectors;
  const exact = await createScan(rows, columns, pause);
  let scan = exact;
  let measured: MeasuredIndex | null = null;
  const root: ScanRoot = {
    async buildIndex(indexer, signal) {
      const search = { rows, columns, exact, index: await indexer.build(rows, columns, signal) };
      const recall = await measureRecall(search, scored);
      const serves = recall >= minRecall;
      if (serves) scan = createIndexedScan(search);
      measured = { recall, serves };
      return measured;
    },
    index: () => measured,
  };
  const newest = (): Scan => scan;
  return scanOver({ root, vectors, scan: newest }, newest, 0, scanned);
}
