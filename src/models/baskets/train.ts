// What goes with what, from baskets B. For product a (in the cart) and b (to suggest), bought together in n_ab baskets:
//
//   c_ab = Σ_{B ∋ a, b} (|B| − 1)^−δ                              a large basket says little of each of its pairs
//   s_ab = c_ab / n_a · (N / n_b)^β · n_ab / (n_ab + λ) · m_ab
//
// With δ = 0, λ = 0 and m = 1 it is the confidence of the rule a → b at β = 0 and its lift at β = 1 (Agrawal, Imieliński &
// Swami 1993; Brin et al. 1997). It has a direction: n_a divides whole, n_b in part, so that a phone suggests its case
// rather than the case a phone. n/(n + λ) is the significance weighting of Herlocker et al. 1999 (Koren 2008, eq. 3). m_ab
// pushes substitutes down: substitutes.ts. δ = 1 is the step of a random walk from a to a basket to another of its products.
//
// Cost: Σ_B |B|² additions, and as many over sessions where pairs are also seen; a few numbers a product of scratch.

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
import { type BuyingShares, buyingSharesOf, complementarity, leavesOf } from './substitutes';

/** Values of all settings. */
export type BasketsConfig = SettingValues<typeof basketsSettings>;

/** The complements of every product, best first. */
export interface Complements {
  /** Complements of product a are [offsets[a], offsets[a + 1]). Length products + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  /** s_ab > 0, descending within a product. */
  readonly weights: Float32Array;
  /** Groups that hold both, of each entry. */
  readonly support: Uint32Array;
  /** Place in `togetherSources` of what each entry is known by. */
  readonly sources: Uint8Array;
  /** Baskets that hold each product, over the most there are: 0-1. */
  readonly popularity: Float32Array;
}

/** What sessions say of pairs; null where baskets are sessions themselves, so that all that is met is "bought". */
interface Seen {
  readonly index: GroupIndex;
  readonly counts: PairCounts;
  readonly shares: BuyingShares;
  readonly leaves: Uint32Array;
}

interface Workspace {
  readonly config: BasketsConfig;
  readonly index: GroupIndex;
  readonly counts: PairCounts;
  readonly seen: Seen | null;
  /** Place of what is counted in `togetherSources`. */
  readonly evidence: number;
  readonly minimumSupport: number;
  /** m_ab under which a pair is left out: a substitute fills nothing up. */
  readonly leastComplementarity: number;
  /** s_a· of the touched products, in their order. */
  readonly found: Float32Array;
}

function seenOf(snapshot: Snapshot, baskets: Baskets, config: BasketsConfig): Seen | null {
  const isMetOnly = baskets.source === 'SESSION' || baskets.source === 'SHOPPER';
  if (isMetOnly || config.substitutePenalty === 0) return null;
  const products = snapshot.products.size;
  const sessions = sessionsSeen(snapshot, config.maxLength);
  const leaves = leavesOf(snapshot);
  return {
    index: indexGroups(sessions, products, 0),
    counts: pairCountsOf(products),
    shares: buyingSharesOf(baskets, sessions, leaves),
    leaves,
  };
}

/** m_ab of a pair that `counts` of a are made of. */
function complementarityOf(workspace: Workspace, product: number, other: number): number {
  const { seen, counts, config } = workspace;
  if (seen === null) return 1;
  const { leaves, shares } = seen;
  const isSameLeaf = leaves[product] > 0 && leaves[product] === leaves[other];
  const kind = isSameLeaf ? shares.sameLeaf : shares.otherLeaf;
  const bought = counts.support[other];
  // Sessions longer than the limit are not among those seen: what was bought in them was met all the same.
  const met = Math.max(seen.counts.support[other], bought);
  return complementarity(bought, met, kind, shares, {
    prior: config.substitutePrior,
    penalty: config.substitutePenalty,
  });
}

/** s_ab of every touched product; NaN for a pair too rare, or no more often than chance makes it. */
function weighPairs(workspace: Workspace, product: number): void {
  const { index, counts, config, found } = workspace;
  const baskets = index.offsets.length - 1;
  const own = groupsWith(index, product);
  for (let at = 0; at < counts.length; at++) {
    const other = counts.touched[at];
    const [support, others] = [counts.support[other], groupsWith(index, other)];
    const lift = (support * baskets) / (own * others);
    if (support < workspace.minimumSupport || lift < config.minLift) {
      found[at] = Number.NaN;
      continue;
    }
    const significance = support / (support + config.shrinkage);
    const strength = (counts.sums[other] / own) * (baskets / others) ** config.liftExponent * significance;
    const complementarity = complementarityOf(workspace, product, other);
    found[at] = complementarity < workspace.leastComplementarity ? Number.NaN : strength * complementarity;
  }
}

const nothing: Kept = {
  rows: new Uint32Array(0),
  weights: new Float32Array(0),
  support: new Uint32Array(0),
  sources: new Uint8Array(0),
};

function complementsOf(workspace: Workspace, product: number): Kept {
  const { index, counts, seen, found, config } = workspace;
  countPairs(index, product, counts);
  if (counts.length === 0) return nothing;
  if (seen !== null) countPairs(seen.index, product, seen.counts);
  // In order of row, so that topK's rule for ties is about rows.
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

function gathered(lists: readonly Kept[], index: GroupIndex): Complements {
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
  const counts = Float64Array.from(lists, (_, product) => groupsWith(index, product));
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

/** Pairs bought together half as often as usual for how often they are met: nearer substitutes than complements. */
const leastFilling = 0.5;

/** Workspaces of what fills up, in order. */
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
    minimumSupport: config.fillSupport,
    leastComplementarity: leastFilling,
  }));
}

/** Complements by baskets, filled up by the other workspaces where they are fewer than asked for. */
function filledComplementsOf(workspace: Workspace, fillers: readonly Workspace[], product: number): Kept {
  const { fillTo, maxComplements } = workspace.config;
  const limit = Math.min(fillTo, maxComplements);
  return fillers.reduce(
    (list, filler) =>
      list.rows.length < limit ? filledUp(list, complementsOf(filler, product), limit) : list,
    complementsOf(workspace, product),
  );
}

/** Products between two looks at the signal. */
const productsAtOnce = 256;

/**
 * Complements of every product, and what baskets were. Deterministic: counts run in order of baskets, ties go to the
 * lower row.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainComplements(
  snapshot: Snapshot,
  config: BasketsConfig,
  context: TrainContext,
): Promise<{ readonly complements: Complements; readonly source: BasketSource }> {
  const products = snapshot.products.size;
  const baskets = basketsOf(snapshot, config.minBaskets, config.maxLength);
  const workspace: Workspace = {
    config,
    index: indexGroups(baskets, products, config.basketDamping),
    counts: pairCountsOf(products),
    seen: seenOf(snapshot, baskets, config),
    evidence: codeOf(baskets.evidence),
    minimumSupport: config.minSupport,
    leastComplementarity: 0,
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
    lists.push(filledComplementsOf(workspace, fillers, product));
  }
  context.onProgress(products, products);
  return { complements: gathered(lists, workspace.index), source: baskets.source };
}
