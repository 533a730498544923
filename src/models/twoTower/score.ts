import { type Arena, createArena } from '../../numeric/wasm/arena';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { scoreEach } from '../scoreEach';
import { featuresOf, type ProductFeatures } from './features';
import type { Tables } from './parameters';
import { itemLogit, normalizeRows, poolHistory, readProduct } from './towers';

/** Parts of a scorer. */
export interface Towers {
  readonly products: Vocabulary;
  readonly columns: number;
  readonly buckets: number;
  readonly maxLength: number;
  readonly parameters: Tables;
  readonly features: ProductFeatures;
}

/** Arrays of a scorer, made once. */
interface Workspace extends Towers {
  /** y of products. */
  readonly items: Float32Array;
  readonly logits: Float32Array;
  /** y scaled to length 1; 0 for a product of which nothing is known. [products, padded to a multiple of 4 × columns] */
  readonly normal: Float32Array;
  readonly arena: Arena;
  readonly user: Float32Array;
  readonly scores: Float32Array;
}

function workspaceOf(towers: Towers): Workspace {
  const { products, columns, parameters, features } = towers;
  const { size } = products;
  const arena = createArena();
  const items = new Float32Array(size * columns);
  const logits = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    const out = items.subarray(row * columns, (row + 1) * columns);
    readProduct(parameters, features, row, true, out);
    logits[row] = itemLogit(out, parameters.query);
  }
  const padded = 4 * Math.ceil(size / 4);
  const normal = arena.float32(padded * columns);
  normal.set(items);
  normalizeRows(normal, columns, 1, new Float32Array(padded));
  return {
    ...towers,
    arena,
    items,
    logits,
    normal,
    user: arena.float32(columns),
    scores: arena.float32(padded),
  };
}

/** Writes u of a shopper into the workspace. Returns false when they liked nothing. */
function readShopper(workspace: Workspace, { productRows, weights }: ShopperHistory): boolean {
  const { columns, parameters, items, logits, user, maxLength } = workspace;
  const places = productRows.filter((_, entry) => weights[entry] > 0).slice(-maxLength);
  if (places.length === 0) return false;
  const history = new Float32Array(columns);
  poolHistory(parameters.age, { items, logits, places, shares: new Float32Array(places.length) }, history);
  user.set(history);
  for (let unit = 0; unit < columns; unit++) {
    let active = parameters.bias[unit];
    for (let k = 0; k < columns; k++) active += history[k] * parameters.hidden[k * columns + unit];
    if (active <= 0) continue;
    for (let k = 0; k < columns; k++) user[k] += active * parameters.out[unit * columns + k];
  }
  normalizeRows(user, columns, 1, new Float32Array(1));
  return true;
}

/** Writes the cosines of `workspace.user` with every product; NaN for those of which nothing is known. */
function cosinesInto(workspace: Workspace, out: Float32Array): void {
  const { arena, columns, normal, user, scores } = workspace;
  const { byteOffset } = user;
  kernelsOver(arena.memory).scoreRows(
    byteOffset,
    1,
    normal.byteOffset,
    scores.length,
    columns,
    scores.byteOffset,
  );
  out.set(scores.subarray(0, out.length));
  for (let row = 0; row < out.length; row++) if (!isKnown(workspace, row)) out[row] = Number.NaN;
}

function isKnown({ normal, columns }: Workspace, row: number): boolean {
  for (let k = row * columns; k < (row + 1) * columns; k++) if (normal[k] !== 0) return true;
  return false;
}

/** The towers with more products, or with new documents of known ones. */
function grown(towers: Towers, documents: ReadonlyMap<string, ProductDocument>): Towers {
  const { products, columns, buckets, parameters, features } = towers;
  const known = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const added = [...documents.keys()].filter(id => products.rowOf(id) < 0);
  const all = vocabularyOf([...known, ...added]);
  const ids = new Float32Array(all.size * columns);
  ids.set(parameters.ids);
  const own = featuresOf(
    Array.from({ length: all.size }, (_, row) => documents.get(all.idOf(row)) ?? null),
    Math.max(buckets, 1),
  );
  const offsets = new Uint32Array(all.size + 1);
  const rows: number[] = [];
  for (let row = 0; row < all.size; row++) {
    const source = documents.has(all.idOf(row)) ? own : features;
    rows.push(...source.rows.subarray(source.offsets[row], source.offsets[row + 1]));
    offsets[row + 1] = rows.length;
  }
  const rest = buckets > 0 ? { offsets, rows: Uint32Array.from(rows) } : noFeatures(all.size);
  return { ...towers, products: all, parameters: { ...parameters, ids }, features: rest };
}

const noFeatures = (products: number): ProductFeatures => ({
  offsets: new Uint32Array(products + 1),
  rows: new Uint32Array(0),
});

/** Scores by the cosine of both towers. Must not be called from two threads at once. */
export function twoTowerScorer(towers: Towers): Scorer<'similar' | 'admit'> {
  const { products, columns } = towers;
  const workspace = workspaceOf(towers);
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        if (readShopper(workspace, history)) cosinesInto(workspace, row);
        else row.fill(Number.NaN);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      workspace.user.set(workspace.normal.subarray(productRow * columns, (productRow + 1) * columns));
      cosinesInto(workspace, out);
      if (!isKnown(workspace, productRow)) out.fill(Number.NaN);
      out[productRow] = Number.NaN;
    },
    admit: documents => twoTowerScorer(grown(towers, documents)),
  };
}
