import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { impliedStars } from './opinions';
import { addEntry, type Beliefs, resetSystem, type System, solveMean, systemOf } from './posterior';
import type { RatedFactorsConfig } from './settings';
import type { RatedProducts } from './train';

/** All a scorer needs. */
export interface RatedArtifact extends RatedProducts {
  readonly products: Vocabulary;
  readonly settings: Pick<RatedFactorsConfig, 'impliedWeight' | 'popularityWeight'>;
  /** Opinions of each product, implied ones counting their weight. [products] */
  readonly counts: Float32Array;
  /** Least and most stars that anybody gave. */
  readonly range: readonly [number, number];
}

/** A scorer's data and room for one shopper. */
interface Workspace extends RatedArtifact {
  readonly regressors: Beliefs;
  readonly system: System;
}

/** Products' beliefs with the bias replaced by a known 1. */
function regressorsOf({ width, means, variances }: Beliefs): Beliefs {
  const copy = { width, means: means.slice(), variances: variances.slice() };
  for (let at = width - 1; at < means.length; at += width) {
    copy.means[at] = 1;
    copy.variances[at] = 0;
  }
  return copy;
}

/** Folds a shopper in, into the workspace's system; false when nothing is known of them. */
function foldIn(workspace: Workspace, { productRows, weights, stars }: ShopperHistory): boolean {
  const { beliefs, regressors, system, mean, userPrior, settings } = workspace;
  const bias = beliefs.width - 1;
  resetSystem(system, userPrior);
  let isKnown = false;
  for (const [entry, row] of productRows.entries()) {
    const given = stars?.[entry] ?? Number.NaN;
    const isGiven = !Number.isNaN(given);
    const trust = isGiven ? 1 : settings.impliedWeight;
    if (trust === 0) continue;
    isKnown = true;
    const own = isGiven ? given : impliedStars(weights[entry]);
    addEntry(system, regressors, row, own - mean - beliefs.means[row * beliefs.width + bias], trust);
  }
  solveMean(system);
  return isKnown;
}

/** Stars the shopper in the workspace's system would give each product. */
function starsInto({ beliefs, system, mean, range }: Workspace, out: Float32Array): void {
  const { width, means } = beliefs;
  const bias = width - 1;
  const [least, most] = range;
  for (let row = 0; row < out.length; row++) {
    const from = row * width;
    let stars = mean + system.x[bias] + means[from + bias];
    for (let k = 0; k < bias; k++) stars += system.x[k] * means[from + k];
    out[row] = Math.min(Math.max(stars, least), most);
  }
}

/**
 * Folds shoppers in from their stars, given or implied, by the same posterior as training. `rateInto` answers expected
 * stars within what anybody gave, for a shopper without history those of an average one; `scoreInto` adds
 * `popularityWeight`·ln(1 + opinions), and NaN for a shopper without opinions.
 */
export function ratedScorer(artifact: RatedArtifact): Scorer<'rate'> {
  const { products, beliefs, settings, counts } = artifact;
  const workspace: Workspace = {
    ...artifact,
    regressors: regressorsOf(beliefs),
    system: systemOf(beliefs.width),
  };
  const standing = counts.map(count => settings.popularityWeight * Math.log1p(count));
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (const [index, history] of histories.entries()) {
        const row = out.subarray(index * products.size, (index + 1) * products.size);
        if (!foldIn(workspace, history)) row.fill(Number.NaN);
        else {
          starsInto(workspace, row);
          for (let product = 0; product < row.length; product++) row[product] += standing[product];
        }
      }
    },
    rateInto(history, out) {
      checkOut({ products }, 1, out);
      foldIn(workspace, history);
      starsInto(workspace, out);
    },
  };
}
