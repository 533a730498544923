import type { Scorer } from '../models/model';
import { createRng } from '../numeric/rng';
import { withDocuments } from '../snapshot/documents';
import type { ProductDocument, Snapshot } from '../snapshot/snapshot';
import type { Questions } from './questions';
import { questionsOfSplit } from './questions';
import { type Ids, type Rows, rowsWhere, snapshotOfRows } from './rows';

/** Questions about products without training events. */
export interface ColdQuestions {
  /** Ranked among the cold products. */
  readonly among: Questions;
  /** Ranked among the whole catalogue except the products of the user. */
  readonly full: Questions;
}

/** Share of the products that is held out. */
const heldOutShare = 0.1;

/** How to hold out products. */
export interface ColdOptions {
  readonly seed: number;
  /** `validation` holds out another tenth; the test products are then left out of everything. */
  readonly holdOut: 'test' | 'validation';
}

/** 0: training, 1: held out, 2: neither. Only products with a document are held out. */
function partOfProduct(
  { productIds }: Ids,
  documents: ReadonlyMap<string, ProductDocument>,
  { seed, holdOut }: ColdOptions,
): Uint8Array {
  const described = Array.from(productIds.keys()).filter(product => documents.has(productIds[product]));
  const order = createRng(seed).shuffle(described);
  const share = Math.floor(productIds.length * heldOutShare);
  const parts = new Uint8Array(productIds.length);
  for (const product of order.slice(0, share)) parts[product] = holdOut === 'test' ? 1 : 2;
  if (holdOut === 'validation') for (const product of order.slice(share, 2 * share)) parts[product] = 1;
  return parts;
}

/**
 * Removes all events of a tenth of the products (seeded) from training. Models get the documents of all products. The
 * questions ask for the held-out products of each user.
 */
export async function coldQuestions(
  ids: Ids,
  rows: Rows,
  documents: ReadonlyMap<string, ProductDocument>,
  options: ColdOptions,
): Promise<ColdQuestions> {
  const parts = partOfProduct(ids, documents, options);
  const productIds = ids.productIds.filter((_, product) => parts[product] !== 2);
  const newIndex = new Map(productIds.map((id, index) => [id, index]));
  const renumbered = (kept: Rows): Rows => ({
    ...kept,
    product: kept.product.map(product => newIndex.get(ids.productIds[product]) ?? 0),
  });
  const warm = renumbered(rowsWhere(rows, row => parts[rows.product[row]] === 0));
  const train = await withDocuments(
    await snapshotOfRows({ userIds: ids.userIds, productIds }, warm),
    documents,
  );
  const lists = Array.from({ length: train.users.size }, () => new Set<number>());
  for (const [row, product] of rows.product.entries()) {
    if (parts[product] !== 1) continue;
    const user = train.users.rowOf(ids.userIds[rows.user[row]]);
    lists[user].add(train.products.rowOf(ids.productIds[product]));
  }
  const offsets = new Uint32Array(lists.length + 1);
  for (const [user, list] of lists.entries()) offsets[user + 1] = offsets[user] + list.size;
  const productRows = Uint32Array.from(lists.flatMap(list => [...list].sort((a, b) => a - b)));
  const full = questionsOfSplit({ train, heldOut: { offsets, productRows } });
  const cold = Uint32Array.from(
    ids.productIds.filter((_, product) => parts[product] === 1),
    id => train.products.rowOf(id),
  );
  const among: Questions = {
    ...full,
    of: (index, scorerRows) => ({
      ...full.of(index, scorerRows),
      excluded: new Uint32Array(0),
      candidates: cold,
    }),
  };
  return { among, full };
}

/** Returns a scorer with the same scores for every user. */
function constantScorer(train: Snapshot, scores: Float32Array): Scorer {
  return {
    products: train.products,
    scoreInto(histories, out) {
      for (let index = 0; index < histories.length; index++) out.set(scores, index * scores.length);
    },
  };
}

/** Returns random scores, the same for every user. */
export function randomScorer(train: Snapshot, seed: number): Scorer {
  const rng = createRng(seed);
  return constantScorer(
    train,
    Float32Array.from({ length: train.products.size }, () => rng.uniform()),
  );
}

/**
 * Scores a product by the mean number of events per training product of its categories, averaged over them. This is a
 * baseline for new products that does not use texts. 0 for a product without a category that has training products.
 */
export function categoryPopularity(train: Snapshot): Scorer {
  const { events, products, documents = [] } = train;
  const counts = new Uint32Array(products.size);
  for (const row of events.productRow) counts[row]++;
  const sums = new Map<string, { events: number; products: number }>();
  for (let row = 0; row < products.size; row++) {
    if (counts[row] === 0) continue;
    for (const name of documents[row]?.categoryPath ?? []) {
      const sum = sums.get(name) ?? { events: 0, products: 0 };
      sums.set(name, { events: sum.events + counts[row], products: sum.products + 1 });
    }
  }
  const scoreOf = (row: number): number => {
    const known = (documents[row]?.categoryPath ?? []).flatMap(name => sums.get(name) ?? []);
    const total = known.reduce((sum, category) => sum + category.events / category.products, 0);
    return known.length === 0 ? 0 : total / known.length;
  };
  return constantScorer(
    train,
    Float32Array.from({ length: products.size }, (_, row) => scoreOf(row)),
  );
}
