import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { scoreEach } from '../scoreEach';
import { impliedStars } from './opinions';
import { addEntry, type Beliefs, resetSystem, type System, solveMean, systemOf } from './posterior';
import type { RatedFactorsConfig } from './settings';
import type { RatedProducts } from './train';

/** Data of a scorer. */
export interface RatedArtifact extends RatedProducts {
  readonly products: Vocabulary;
  readonly settings: Pick<RatedFactorsConfig, 'impliedWeight' | 'popularityWeight'>;
  /** Summed weight of the opinions of each product. [products] */
  readonly counts: Float32Array;
  /** Lowest and highest stars that anybody gave. */
  readonly range: readonly [number, number];
}

/** Data of a scorer and scratch for one shopper. */
interface Workspace extends RatedArtifact {
  readonly regressors: Beliefs;
  readonly system: System;
}

/** Returns the products' beliefs with the bias replaced by a known 1. */
function regressorsOf({ width, means, variances }: Beliefs): Beliefs {
  const copy = { width, means: means.slice(), variances: variances.slice() };
  for (let at = width - 1; at < means.length; at += width) {
    copy.means[at] = 1;
    copy.variances[at] = 0;
  }
  return copy;
}

/** Folds a shopper in, into the workspace's system; returns false when the shopper has no opinions. */
function foldIn(workspace: Workspace, { productRows, weights, stars }: ShopperHistory): boolean {
  const { beliefs, regressors, system, mean, userPrior, settings } = workspace;
  const bias = beliefs.width - 1;
  resetSystem(system, userPrior);
  let isKnown = false;
  for (const [entry, row] of productRows.entries()) {
    const given = stars?.[entry] ?? Number.NaN;
    const isGiven = !Number.isNaN(given);
    const weight = isGiven ? 1 : settings.impliedWeight;
    if (weight === 0) continue;
    isKnown = true;
    const own = isGiven ? given : impliedStars(weights[entry]);
    addEntry(system, regressors, row, own - mean - beliefs.means[row * beliefs.width + bias], weight);
  }
  solveMean(system);
  return isKnown;
}

/** Writes the predicted stars of the shopper in the workspace's system for each product. */
function starsInto({ beliefs, system, mean, range }: Workspace, out: Float32Array): void {
  const { width, means } = beliefs;
  const bias = width - 1;
  const [minStars, maxStars] = range;
  for (let row = 0; row < out.length; row++) {
    const from = row * width;
    let stars = mean + system.x[bias] + means[from + bias];
    for (let k = 0; k < bias; k++) stars += system.x[k] * means[from + k];
    out[row] = Math.min(Math.max(stars, minStars), maxStars);
  }
}

/**
 * Folds shoppers in from their stars, given or implied, by the same posterior as in training. `rateInto`
 * writes expected stars, limited to the range of given stars; a shopper without history gets those of an
 * average one. `scoreInto` adds `popularityWeight`·ln(1 + opinions), and writes NaN for a shopper without
 * opinions.
 */
export function ratedScorer(artifact: RatedArtifact): Scorer<'rate'> {
  const { products, beliefs, settings, counts } = artifact;
  const workspace: Workspace = {
    ...artifact,
    regressors: regressorsOf(beliefs),
    system: systemOf(beliefs.width),
  };
  const popularity = counts.map(count => settings.popularityWeight * Math.log1p(count));
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        if (!foldIn(workspace, history)) row.fill(Number.NaN);
        else {
          starsInto(workspace, row);
          for (let product = 0; product < row.length; product++) row[product] += popularity[product];
        }
      });
    },
    rateInto(history, out) {
      checkOut({ products }, 1, out);
      foldIn(workspace, history);
      starsInto(workspace, out);
    },
  };
}
