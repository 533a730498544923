import { createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { orderAgesOf } from '../orderAges';
import { standingOf } from '../productScores';
import { scoreEach } from '../scoreEach';
import type { Reader } from './reader';

/** Parts of a scorer. */
export interface ScorerParts {
  readonly dimensions: number;
  /** [products × D], each of length 1. */
  readonly vectors: Float32Array;
  /** [D × D], then [D]: from the mean of a history to a query. */
  readonly map: Float32Array;
  readonly historyDecay: number;
  /** Reads new products; called only when there are any. */
  readonly read: Reader;
}

/** Arrays in the scorer's own memory. */
interface Workspace {
  readonly kernels: Kernels;
  /** [products up to a multiple of 4 × D]. */
  readonly vectors: Float32Array;
  readonly query: Float32Array;
  readonly scores: Float32Array;
}

function workspaceOf({ vectors, dimensions: d }: ScorerParts, products: number): Workspace {
  const arena = createArena();
  const padded = 4 * Math.ceil(products / 4);
  const own = arena.float32(padded * d);
  own.set(vectors);
  return {
    kernels: kernelsOver(arena.memory),
    vectors: own,
    query: arena.float32(d),
    scores: arena.float32(padded),
  };
}

/** Inner products of the query with every product's vector. */
function scoreAll({ kernels, vectors, query, scores }: Workspace, out: Float32Array): void {
  const count = scores.length;
  kernels.scoreRows(query.byteOffset, 1, vectors.byteOffset, count, query.length, scores.byteOffset);
  out.set(scores.subarray(0, out.length));
}

/** Weighted mean of the history's vectors: recent and strong entries weigh more, disliked ones negatively. */
function meanOf(parts: ScorerParts, history: ShopperHistory): Float64Array {
  const { dimensions: d, vectors, historyDecay } = parts;
  const mean = new Float64Array(d);
  const ages = orderAgesOf(history.occurredAt);
  let total = 0;
  for (let entry = 0; entry < history.productRows.length; entry++) {
    const standing = standingOf(history.weights[entry]);
    const weight = Math.sign(standing) * Math.sqrt(Math.abs(standing)) * historyDecay ** ages[entry];
    const from = history.productRows[entry] * d;
    total += Math.abs(weight);
    for (let k = 0; k < d; k++) mean[k] += weight * vectors[from + k];
  }
  if (total > 0) for (let k = 0; k < d; k++) mean[k] /= total;
  return mean;
}

/** query ← mean·map + offset. Returns false for a shopper without history. */
function queryInto(parts: ScorerParts, history: ShopperHistory, query: Float32Array): boolean {
  if (history.productRows.length === 0) return false;
  const { dimensions: d, map } = parts;
  const mean = meanOf(parts, history);
  for (let to = 0; to < d; to++) {
    let sum = map[d * d + to];
    for (let k = 0; k < d; k++) sum += mean[k] * map[k * d + to];
    query[to] = sum;
  }
  return true;
}

/** The parts with these products read: known products in their rows, new ones after them. */
function withRead(
  products: Vocabulary,
  parts: ScorerParts,
  documents: ReadonlyMap<string, ProductDocument>,
): { readonly products: Vocabulary; readonly parts: ScorerParts } {
  const { dimensions: d, vectors } = parts;
  const ids = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const arrived = [...documents.keys()].filter(id => products.rowOf(id) < 0);
  const grown = vocabularyOf([...ids, ...arrived]);
  const rows = new Float32Array(grown.size * d);
  rows.set(vectors);
  const read = parts.read(documents);
  for (const [index, id] of [...documents.keys()].entries())
    rows.set(read.subarray(index * d, (index + 1) * d), grown.rowOf(id) * d);
  return { products: grown, parts: { ...parts, vectors: rows } };
}

/**
 * Scores products by the similarity of their texts to those that a shopper liked. Holds vectors of products in its own memory;
 * must not be called from two threads at once.
 */
export function textScorer(
  products: Vocabulary,
  parts: ScorerParts,
): Scorer<'similar' | 'retrieve' | 'admit'> {
  const workspace = workspaceOf(parts, products.size);
  const { dimensions: d, vectors } = parts;
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        if (queryInto(parts, history, workspace.query)) scoreAll(workspace, row);
        else row.fill(Number.NaN);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      workspace.query.set(vectors.subarray(productRow * d, (productRow + 1) * d));
      scoreAll(workspace, out);
      out[productRow] = Number.NaN;
    },
    admit(documents) {
      const grown = withRead(products, parts, documents);
      return textScorer(grown.products, grown.parts);
    },
    vectors: { columns: d, rows: vectors, queryInto: (history, out) => queryInto(parts, history, out) },
  };
}
