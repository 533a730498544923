import { interactionCodes } from '../../domain/interaction';
import type { Scorer, ShopperHistory } from '../../models/model';
import { scoreEach } from '../../models/scoreEach';
import { type Csr, csrFromTriplets, transposeCsr } from '../../numeric/csr';
import { eventWeightOf } from '../../snapshot/eventWeight';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Baseline } from '../task';
import type { Asks } from './nextChoices';

/** Name of the baseline that all other rows are compared with. */
export const popularityBaseline = 'baseline-popularity';

/** Adds this many products in common to the length of each pair of vectors, so that pairs with little evidence count little. */
const cosineShrinkage = 100;

/** Returns what baselines learn from: as asked, or liked products where nobody bought anything before the cut. */
const learnedFrom = ({ events }: Snapshot, asks: Asks): Asks =>
  events.type.includes(interactionCodes.PURCHASE) ? asks : 'liked';

/** Distinct pairs of shopper and chosen product, each 1: users × products. */
function chosenPairs({ events, userOffsets, users, products, eventWeights }: Snapshot, asks: Asks): Csr {
  const [row, column]: [number[], number[]] = [[], []];
  const lastUser = new Int32Array(products.size).fill(-1);
  for (let user = 0; user < users.size; user++) {
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const [product, type] = [events.productRow[event], events.type[event]];
      const isChosen =
        asks === 'purchases'
          ? type === interactionCodes.PURCHASE
          : eventWeightOf(type, events.value[event], eventWeights) > 0;
      if (!isChosen || lastUser[product] === user) continue;
      lastUser[product] = user;
      row.push(user);
      column.push(product);
    }
  }
  return csrFromTriplets({ row, column }, users.size, products.size);
}

/** Number of shoppers who chose each product. */
function choosersOf({ indices, columns }: Csr): Float32Array {
  const counts = new Float32Array(columns);
  for (const product of indices) counts[product]++;
  return counts;
}

/** How much a shopper chose the product of an entry: its orders, or its weight where liked products are asked. */
const strengthAt = ({ purchases, weights }: ShopperHistory, entry: number, asks: Asks): number =>
  asks === 'purchases' ? (purchases?.orders[entry] ?? 0) : Math.max(0, weights[entry]);

function popularity(train: Snapshot, asks: Asks): Scorer {
  const { products } = train;
  const counts = choosersOf(chosenPairs(train, asks));
  return {
    products,
    scoreInto: (histories, out) => scoreEach(products, histories, out, (_, row) => row.set(counts)),
  };
}

/** Returns a scorer by the shopper's number of orders with a product, then by popularity. */
export function ownFrequency(train: Snapshot, asks: Asks): Scorer {
  const { products } = train;
  const counts = choosersOf(chosenPairs(train, asks));
  const most = counts.reduce((highest, count) => Math.max(highest, count), 0);
  const shares = counts.map(count => count / (most + 1));
  return {
    products,
    scoreInto: (histories, out) =>
      scoreEach(products, histories, out, (history, row) => {
        row.set(shares);
        for (const [entry, product] of history.productRows.entries())
          row[product] += strengthAt(history, entry, asks);
      }),
  };
}

/** The products that share a shopper with one product, and how similar they are to it. */
interface Neighbours {
  readonly rows: Uint32Array;
  readonly similarities: Float32Array;
}

/**
 * Returns a function from a product to its neighbours: the number of shoppers in common over √(nᵢ·nⱼ) + shrinkage. Each
 * product is computed once, when it is first asked for.
 */
function neighboursReader(pairs: Csr): (product: number) => Neighbours {
  const buyers = transposeCsr(pairs);
  const counts = new Uint32Array(pairs.columns);
  const sizeOf = (product: number): number => buyers.indptr[product + 1] - buyers.indptr[product];
  const known = new Map<number, Neighbours>();
  const compute = (product: number): Neighbours => {
    const rows: number[] = [];
    for (const user of buyers.indices.subarray(buyers.indptr[product], buyers.indptr[product + 1])) {
      for (const other of pairs.indices.subarray(pairs.indptr[user], pairs.indptr[user + 1])) {
        if (other === product) continue;
        if (counts[other]++ === 0) rows.push(other);
      }
    }
    const similarities = Float32Array.from(
      rows,
      other => counts[other] / (Math.sqrt(sizeOf(product) * sizeOf(other)) + cosineShrinkage),
    );
    for (const other of rows) counts[other] = 0;
    return { rows: Uint32Array.from(rows), similarities };
  };
  return product => {
    const found = known.get(product) ?? compute(product);
    known.set(product, found);
    return found;
  };
}

/** Cosine neighbours on 0/1 data (Sarwar et al. 2001), shrunk, summed over the products that the shopper chose. */
function cosine(train: Snapshot, asks: Asks): Scorer {
  const { products } = train;
  const neighboursOf = neighboursReader(chosenPairs(train, asks));
  return {
    products,
    scoreInto: (histories, out) =>
      scoreEach(products, histories, out, (history, row) => {
        row.fill(0);
        for (const [entry, product] of history.productRows.entries()) {
          if (!(strengthAt(history, entry, asks) > 0)) continue;
          const { rows, similarities } = neighboursOf(product);
          for (let at = 0; at < rows.length; at++) row[rows[at]] += similarities[at];
        }
      }),
  };
}

/** The baselines of the shop task: without settings, and the same in every version, so that reports can be compared. */
export const shopBaselines = (asks: Asks): readonly Baseline[] => [
  { name: popularityBaseline, scorer: train => popularity(train, learnedFrom(train, asks)) },
  { name: 'baseline-own-frequency', scorer: train => ownFrequency(train, learnedFrom(train, asks)) },
  { name: 'baseline-cosine', scorer: train => cosine(train, learnedFrom(train, asks)) },
];
