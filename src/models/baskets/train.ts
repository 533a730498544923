// Complements from baskets B. For product a (in the cart) and b (to suggest), bought together in n_ab
// baskets:
//
//   c_ab = Σ_{B ∋ a, b} (|B| − 1)^−δ                              a pair in a large basket is weak evidence
//   s_ab = c_ab / n_a · (N / n_b)^β · n_ab / (n_ab + λ) · m_ab
//
// With δ = 0, λ = 0 and m = 1, s_ab is the confidence of the rule a → b at β = 0 and its lift at β = 1
// (Agrawal, Imieliński & Swami 1993; Brin et al. 1997). It is asymmetric: n_a divides fully and n_b in part,
// so that a phone suggests its case rather than the case a phone. The other factors:
//
// - n_ab / (n_ab + λ) is the significance weighting of Herlocker et al. 1999 (Koren 2008, eq. 3).
// - m_ab lowers the rank of substitutes: substitutes.ts.
// - δ = 1 is one step of a random walk from a via a basket to another of its products.
//
// Cost: Σ_B |B|² additions, and as many over sessions where view pairs are counted too; scratch of a few
// numbers per product.

import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import { topKInto } from '../../numeric/topK';
import type { Snapshot } from '../../snapshot/snapshot';
import { codeOf, filledUp, type Kept } from './fill';
import { type BasketSource, type Baskets, basketsOf, type Fillers, fillersOf, sessionsSeen } from './groups';
import { countPairs, type GroupIndex, groupsWith, indexGroups, type PairCounts, pairCountsOf } from './pairs';
import type { basketsSettings } from './settings';
import { complementarity, leavesOf, type PurchaseShares, purchaseSharesOf } from './substitutes';

/** Values of all settings. */
export type BasketsConfig = SettingValues<typeof basketsSettings>;

/** The complements of every product, best first. */
export interface Complements {
  /** Complements of product a are [offsets[a], offsets[a + 1]). Length products + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  /** s_ab > 0, descending within a product. */
  readonly weights: Float32Array;
  /** Number of groups that contain both, for each entry. */
  readonly support: Uint32Array;
  /** Index into `togetherSources` of the evidence for each entry. */
  readonly sources: Uint8Array;
  /** Number of baskets with each product, divided by the highest: 0-1. */
  readonly popularity: Float32Array;
}

/** What training yields. */
export interface TrainedComplements {
  readonly complements: Complements;
  readonly source: BasketSource;
  /** Number of baskets with each product, [products]. */
  readonly counts: Float64Array;
  /** Number of baskets. */
  readonly baskets: number;
}

/** Counts of pairs viewed together; not available where baskets are sessions themselves, so that every view counts as bought. */
interface ViewedPairs {
  readonly index: GroupIndex;
  readonly counts: PairCounts;
  readonly shares: PurchaseShares;
  readonly leaves: Uint32Array;
}

interface Workspace {
  readonly config: BasketsConfig;
  readonly index: GroupIndex;
  readonly counts: PairCounts;
  readonly viewed: ViewedPairs | null;
  /** Index of the counted evidence in `togetherSources`. */
  readonly evidence: number;
  readonly minSupport: number;
  /** Minimum m_ab of a pair: substitutes are not used for filling. */
  readonly minComplementarity: number;
  /** s_a· of the touched products, in their order. */
  readonly found: Float32Array;
}

function viewedPairsOf(snapshot: Snapshot, baskets: Baskets, config: BasketsConfig): ViewedPairs | null {
  const isViewsOnly = baskets.source === 'SESSION' || baskets.source === 'SHOPPER';
  if (isViewsOnly || config.substitutePenalty === 0) return null;
  const products = snapshot.products.size;
  const sessions = sessionsSeen(snapshot, config.maxLength);
  const leaves = leavesOf(snapshot);
  return {
    index: indexGroups(sessions, products, 0),
    counts: pairCountsOf(products),
    shares: purchaseSharesOf(baskets, sessions, leaves),
    leaves,
  };
}

/** Returns m_ab of a pair; `counts` must hold those of product a. */
function complementarityOf(workspace: Workspace, product: number, other: number): number {
  const { viewed, counts, config } = workspace;
  if (viewed === null) return 1;
  const { leaves, shares } = viewed;
  const isSameLeaf = leaves[product] > 0 && leaves[product] === leaves[other];
  const kind = isSameLeaf ? shares.sameLeaf : shares.otherLeaf;
  const bought = counts.support[other];
  // Sessions over the length limit are not counted as viewed, but products bought in them were viewed too.
  const viewedTogether = Math.max(viewed.counts.support[other], bought);
  return complementarity(bought, viewedTogether, kind, shares, {
    prior: config.substitutePrior,
    penalty: config.substitutePenalty,
  });
}

/** Writes s_ab of every touched product; NaN for pairs with too little support or lift. */
function weighPairs(workspace: Workspace, product: number): void {
  const { index, counts, config, found } = workspace;
  const baskets = index.offsets.length - 1;
  const own = groupsWith(index, product);
  for (let at = 0; at < counts.length; at++) {
    const other = counts.touched[at];
    const [support, others] = [counts.support[other], groupsWith(index, other)];
    const lift = (support * baskets) / (own * others);
    if (support < workspace.minSupport || lift < config.minLift) {
      found[at] = Number.NaN;
      continue;
    }
    const significance = support / (support + config.shrinkage);
    const strength = (counts.sums[other] / own) * (baskets / others) ** config.liftExponent * significance;
    const complementarity = complementarityOf(workspace, product, other);
    found[at] = complementarity < workspace.minComplementarity ? Number.NaN : strength * complementarity;
  }
}

const empty: Kept = {
  rows: new Uint32Array(0),
  weights: new Float32Array(0),
  support: new Uint32Array(0),
  sources: new Uint8Array(0),
};

function complementsOf(workspace: Workspace, product: number): Kept {
  const { index, counts, viewed, found, config } = workspace;
  countPairs(index, product, counts);
  if (counts.length === 0) return empty;
  if (viewed !== null) countPairs(viewed.index, product, viewed.counts);
  // In order of row, so that topK breaks ties by row.
  counts.touched.subarray(0, counts.length).sort();
  weighPairs(workspace, product);
  const best = new Uint32Array(Math.min(config.maxComplements, counts.length));
  const weights = new Float32Array(best.length);
  const kept = topKInto(found.subarray(0, counts.length), best, weights);
  const rows = best.subarray(0, kept).map(at => counts.touched[at]);
  return {
    rows,
    weights: weights.subarray(0, kept),
    support: rows.map(row => counts.support[row]),
    sources: new Uint8Array(kept).fill(workspace.evidence),
  };
}

function gathered(lists: readonly Kept[], counts: Float64Array): Complements {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [product, { rows }] of lists.entries()) offsets[product + 1] = offsets[product] + rows.length;
  const rows = new Uint32Array(offsets[lists.length]);
  const weights = new Float32Array(offsets[lists.length]);
  const support = new Uint32Array(rows.length);
  const sources = new Uint8Array(rows.length);
  for (const [product, list] of lists.entries()) {
    rows.set(list.rows, offsets[product]);
    weights.set(list.weights, offsets[product]);
    support.set(list.support, offsets[product]);
    sources.set(list.sources, offsets[product]);
  }
  const most = counts.reduce((highest, count) => Math.max(highest, count), 1);
  return {
    offsets,
    rows,
    weights,
    support,
    sources,
    popularity: Float32Array.from(counts, count => count / most),
  };
}

/** Pairs below this are closer to substitutes: bought together under half as often as usual for their views. */
const minFillComplementarity = 0.5;

/** Returns the workspaces of the fill sources, in order. */
function fillWorkspaces(
  snapshot: Snapshot,
  workspace: Workspace,
  source: BasketSource,
): readonly Workspace[] {
  const { config } = workspace;
  if (config.fillTo === 0) return [];
  const products = snapshot.products.size;
  return fillersOf(snapshot, source, config.maxLength).map((fillers: Fillers) => ({
    ...workspace,
    index: indexGroups(fillers, products, config.basketDamping),
    counts: pairCountsOf(products),
    evidence: codeOf(fillers.evidence),
    minSupport: config.fillSupport,
    minComplementarity: minFillComplementarity,
  }));
}

/** Returns complements from baskets, filled up from the other workspaces where they are fewer than wanted. */
function filledComplementsOf(workspace: Workspace, fillers: readonly Workspace[], product: number): Kept {
  const { fillTo, maxComplements } = workspace.config;
  const limit = Math.min(fillTo, maxComplements);
  return fillers.reduce(
    (list, filler) =>
      list.rows.length < limit ? filledUp(list, complementsOf(filler, product), limit) : list,
    complementsOf(workspace, product),
  );
}

/** Products between two checks of the signal. */
const productsAtOnce = 256;

/**
 * Returns the complements of every product and the source of baskets. Deterministic: counts run in order of baskets, ties go to the
 * lower row.
 *
 * @param isWanted - 1 for each product whose complements are needed, the others get none; absent: all
 * @throws {GatewayError} CANCELLED
 */
export async function trainComplements(
  snapshot: Snapshot,
  config: BasketsConfig,
  context: TrainContext,
  isWanted?: Uint8Array,
): Promise<TrainedComplements> {
  const products = snapshot.products.size;
  const baskets = basketsOf(snapshot, config.minBaskets, config.maxLength);
  const workspace: Workspace = {
    config,
    index: indexGroups(baskets, products, config.basketDamping),
    counts: pairCountsOf(products),
    viewed: viewedPairsOf(snapshot, baskets, config),
    evidence: codeOf(baskets.evidence),
    minSupport: config.minSupport,
    minComplementarity: 0,
    found: new Float32Array(products),
  };
  const fillers = fillWorkspaces(snapshot, workspace, baskets.source);
  const lists: Kept[] = [];
  for (let product = 0; product < products; product++) {
    if (product % productsAtOnce === 0) {
      await pause();
      checkCancelled(context);
      context.onProgress(product, products);
    }
    lists.push(isWanted?.[product] === 0 ? empty : filledComplementsOf(workspace, fillers, product));
  }
  context.onProgress(products, products);
  const counts = Float64Array.from(lists, (_, product) => groupsWith(workspace.index, product));
  return {
    complements: gathered(lists, counts),
    source: baskets.source,
    counts,
    baskets: baskets.offsets.length - 1,
  };
}
