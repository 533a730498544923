// Complements are bought together; substitutes are viewed together, and then one of them is bought (McAuley,
// Pandey & Leskovec 2015, "Inferring networks of substitutable and complementary products": also bought
// against also viewed). For a pair (i, j) with b baskets that contain both and t sessions in which both were
// viewed:
//
//   r_ij = (b_ij + κ·ρ_g) / (t_ij + κ)        the pair's share of buying, shrunk to that of pairs of its kind
//   m_ij = min(1, r_ij / ρ)^s                 what the pair counts
//
// ρ is Σb / Σt over all pairs; ρ_g is the same over pairs within one leaf category (g = same) or across two
// (g = other). Where the products of a category replace each other, a pair with little data of its own is
// treated as a substitute too.

import type { Snapshot } from '../../snapshot/snapshot';
import type { Groups } from './groups';

/** Purchase shares (bought together over viewed together), by kind of pair. */
export interface PurchaseShares {
  /** ρ; 0 when nothing was bought together. */
  readonly all: number;
  readonly sameLeaf: number;
  readonly otherLeaf: number;
}

/** Returns the leaf category of every product row, numbered from 1; 0 where none is known. */
export function leavesOf({ products, documents }: Snapshot): Uint32Array {
  const known = new Map<string, number>();
  return Uint32Array.from({ length: products.size }, (_, row) => {
    const path = documents?.[row]?.categoryPath ?? [];
    if (path.length === 0) return 0;
    const key = JSON.stringify(path);
    const leaf = known.get(key) ?? known.size + 1;
    known.set(key, leaf);
    return leaf;
  });
}

const pairsAmong = (count: number): number => (count * (count - 1)) / 2;

/** Returns the number of product pairs within groups: all pairs, and those within one leaf category. */
function pairTotals({ offsets, productRows }: Groups, leaves: Uint32Array): { all: number; same: number } {
  let [all, same] = [0, 0];
  for (let group = 0; group + 1 < offsets.length; group++) {
    const ofLeaf = new Map<number, number>();
    for (let at = offsets[group]; at < offsets[group + 1]; at++) {
      const leaf = leaves[productRows[at]];
      if (leaf > 0) ofLeaf.set(leaf, (ofLeaf.get(leaf) ?? 0) + 1);
    }
    all += pairsAmong(offsets[group + 1] - offsets[group]);
    for (const count of ofLeaf.values()) same += pairsAmong(count);
  }
  return { all, same };
}

const shareOf = (bought: number, viewed: number, fallback: number): number =>
  viewed > 0 ? bought / viewed : fallback;

/** @param viewed - sessions in which products were viewed, including those in which they were bought */
export function purchaseSharesOf(baskets: Groups, viewed: Groups, leaves: Uint32Array): PurchaseShares {
  const bought = pairTotals(baskets, leaves);
  const seen = pairTotals(viewed, leaves);
  const all = shareOf(bought.all, seen.all, 0);
  return {
    all,
    sameLeaf: shareOf(bought.same, seen.same, all),
    otherLeaf: shareOf(bought.all - bought.same, seen.all - seen.same, all),
  };
}

/**
 * Returns m_ij: 1 for a pair that is bought together as often as others, lower the more often it is only
 * viewed together.
 *
 * @param bought - b_ij
 * @param viewed - t_ij
 * @param kind - ρ_g
 */
export function complementarity(
  bought: number,
  viewed: number,
  kind: number,
  { all }: PurchaseShares,
  { prior, penalty }: { readonly prior: number; readonly penalty: number },
): number {
  if (all === 0) return 1;
  const share = (bought + prior * kind) / (viewed + prior);
  return Math.min(1, share / all) ** penalty;
}
