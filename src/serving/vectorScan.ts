import type { ProductVectors, ShopperHistory } from '../models/model';
import { pause } from '../models/pause';
import { createScan } from '../numeric/scan';
import type { Vocabulary } from '../snapshot/vocabulary';
import type { VectorIndexer } from '../store/vectorPorts';
import type { ProductMask } from './filter';
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

/** Asks a model of vectors for its best products straight away. */
export interface VectorScan {
  /**
   * The `count` best products that may be listed: what `scoreInto`, the mask and topK would answer; by an index, nearly.
   * Null when the model cannot say anything of the shopper.
   */
  best(
    history: ShopperHistory,
    mask: ProductMask,
    excluded: ReadonlySet<string>,
    count: number,
  ): BestRows | null;
  /** Builds an index, measures it, and lets it answer from then on if it finds enough. @throws {GatewayError} CANCELLED */
  buildIndex(indexer: VectorIndexer, signal: AbortSignal): Promise<MeasuredIndex>;
  /** What was measured; null while there is no index. */
  index(): MeasuredIndex | null;
}

/**
 * @param catalogueRows - catalogue row of each product row, -1 for none; as of the catalogue that the mask is of
 */
export async function createVectorScan(
  products: Vocabulary,
  vectors: ProductVectors,
  catalogueRows: () => Int32Array,
): Promise<VectorScan> {
  const { rows: allRows, columns, scored } = vectors;
  const exact = await createScan(allRows, columns, pause);
  let scan = exact;
  let measured: MeasuredIndex | null = null;
  const query = new Float32Array(columns);
  // A mask is of one state of the catalogue: the same object stands for the same rows.
  const allowedBy = new WeakMap<ProductMask, Uint8Array>();

  function allowedFor(mask: ProductMask): Uint8Array {
    const known = allowedBy.get(mask);
    if (known !== undefined) return known;
    const allowed = Uint8Array.from(catalogueRows(), (listed, row) =>
      Number(listed >= 0 && mask[listed] === 1 && (scored === undefined || scored[row] === 1)),
    );
    allowedBy.set(mask, allowed);
    return allowed;
  }

  return {
    best(history, mask, excluded, count) {
      if (!vectors.queryInto(history, query)) return null;
      const allowed = allowedFor(mask);
      const barred = [...excluded]
        .map(id => products.rowOf(id))
        .filter(row => row >= 0 && allowed[row] === 1);
      for (const row of barred) allowed[row] = 0;
      const [rows, scores] = [new Uint32Array(count), new Float32Array(count)];
      const length = scan.topInto(query, rows, scores, allowed);
      for (const row of barred) allowed[row] = 1;
      return { rows: rows.subarray(0, length), scores: scores.subarray(0, length) };
    },
    async buildIndex(indexer, signal) {
      const search = { rows: allRows, columns, exact, index: await indexer.build(allRows, columns, signal) };
      const recall = await measureRecall(search, scored);
      const serves = recall >= leastRecall;
      if (serves) scan = createIndexedScan(search);
      measured = { recall, serves };
      return measured;
    },
    index: () => measured,
  };
}
