import type { ProductVectors, ShopperHistory } from '../../models/model';
import { pause } from '../../numeric/pause';
import { createScan, type Scan } from '../../numeric/scan';
import type { Vocabulary } from '../../snapshot/vocabulary';
import type { VectorIndexer } from '../../store/ports/vectorIndex';
import { createGrownScan, rowsApart } from './grownScan';
import { createIndexedScan, measureRecall } from './indexedScan';

/** The best of a model's products by row, without a score for each. */
export interface BestRows {
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** An approximate index, as it was measured against exact search. */
export interface MeasuredIndex {
  /** Recall@20, products as queries: see measureRecall. */
  readonly recall: number;
  /** Whether it answers. If not it finds too little, and exact search goes on. */
  readonly serves: boolean;
}

/** Least recall@20 with which an index may serve. */
const leastRecall = 0.95;

/** The vectors that were encoded for scanning, and the index over them: shared by all scans grown from one. */
export interface ScanRoot {
  /** Builds an index, measures it, and lets it answer from then on if it finds enough. @throws {GatewayError} CANCELLED */
  buildIndex(indexer: VectorIndexer, signal: AbortSignal): Promise<MeasuredIndex>;
  /** What was measured; null while there is no index. */
  index(): MeasuredIndex | null;
}

/** Asks a model of vectors for its best products straight away. */
export interface VectorScan {
  readonly root: ScanRoot;
  /** Products that are scored one by one, for they came or changed after the rest was encoded. */
  readonly apart: number;
  /**
   * The `count` best products that may be listed: what `scoreInto`, the mask and topK would answer; by an index, nearly.
   * Null when the model cannot say anything of the shopper.
   */
  best(history: ShopperHistory, mask: Uint8Array, excluded: Iterable<string>, count: number): BestRows | null;
  /**
   * The scan of a scorer that has read more: known products keep their rows, and whatever differs from what was encoded is
   * scored one by one. This one stays as it is. Null when the columns are others.
   */
  grown(scanned: Scanned): VectorScan | null;
}

/** What is scanned. */
export interface Scanned {
  readonly products: Vocabulary;
  readonly vectors: ProductVectors;
  /** Catalogue row of each product row, -1 for none; as of the catalogue that the mask is of. */
  readonly catalogueRows: () => Int32Array;
}

/** A root, and what its scans need of it. */
interface Encoded {
  readonly root: ScanRoot;
  readonly vectors: ProductVectors;
  /** As now is best: through the index, once there is one. */
  scan(): Scan;
}

/** Which rows of the catalogue's mask are rows to list. A mask is of one state of the catalogue: the same object stands for the same rows. */
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

/** Encodes the vectors: seconds on a million, with pauses. */
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
      const serves = recall >= leastRecall;
      if (serves) scan = createIndexedScan(search);
      measured = { recall, serves };
      return measured;
    },
    index: () => measured,
  };
  const newest = (): Scan => scan;
  return scanOver({ root, vectors, scan: newest }, newest, 0, scanned);
}
