// Chooses the clustering of items that another training would find again. Items are clustered on all data, and again on
// parts of them (nine tenths of the items and of the shoppers, drawn at random), each time into every number of tags of a
// grid. The candidate with most reproducible information wins. Its agreement with the same candidate of the parts is
// the stability that the verdict looks at. The rotation and the pruning have no random start: chance only draws the parts,
// and the sample of more than `maxSampled` items. O(parts · entries of the sample · Σ grid + entries · k).

import { type Candidate, createCandidates } from './candidates';
import { type Items, partOf, sampleOf, subsetOf, withoutRareTokens } from './items';
import { addEvidence, evidenceOf, priorsOf, refineShares, softmaxInto, usesOf, weighShares } from './mixture';
import { reproducibleInformation } from './reproducible';
import type { InterestTagsConfig } from './settings';

const grid = [2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 200, 400];
/**
 * These are preferred to numbers between them unless another one is worth so many times as much: the number of tags must not
 * change from day to day by chance.
 */
const preferred: ReadonlySet<number> = new Set([2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 200, 400]);
const preference = 1.1;
/** Most items that clusters are found on; all other items are then assigned to them. */
const maxSampled = 5_000;
/** Fewest products per tag, when the number of tags is chosen. */
const minTagSize = 8;
/** λ of reproducible information: first, and where no number of tags is worth more than nothing by it. */
const strictLoss = 3;
const mildLoss = 1;
/** The parts are the same for every seed and every day: the choice between numbers of tags that are worth about as much stays. */
const firstPartSeed = 101;
/** Share of `emIterations` that the chosen clustering is refined with on all items. */
const finalIterations = 0.25;

/** A clustering of all items, and the same learned from parts of the data. */
export interface Clusters {
  readonly k: number;
  /** Shares of each item, adding up to 1. [items × k] */
  readonly shares: Float32Array;
  /** From each part: the strongest tag of each item. Numbers of tags differ between parts. [items] */
  readonly ofParts: readonly Uint32Array[];
}

/** Returns the strongest tag of each item. */
export function labelsOf(shares: Float32Array, k: number): Uint32Array {
  return Uint32Array.from({ length: shares.length / k }, (_, item) => {
    let best = 0;
    for (let tag = 1; tag < k; tag++) if (shares[item * k + tag] > shares[item * k + best]) best = tag;
    return best;
  });
}

/** Returns the numbers of tags to try. */
function triedFor({ k, maxTags }: InterestTagsConfig, { sizes }: Items): readonly number[] {
  const items = sizes.length;
  if (k > 0) return [Math.min(k, items)];
  const products = sizes.reduce((sum, size) => sum + size, 0);
  const tried = grid.filter(tags => tags <= maxTags && tags <= items && tags * minTagSize <= products);
  return tried.length > 0 ? tried : [Math.min(2, items)];
}

/** All data or a part of them, and the sample on which clusters are found. */
interface Part {
  readonly items: Items;
  readonly sampled: Items;
}

/** Computes the shares of items from those of a sample. [items × k] */
function assign(
  { views, weights }: Items,
  sampled: Items,
  { k, shares }: Candidate,
  power: number,
): Float32Array {
  const weighed = weighShares(shares, { tags: k, weights: sampled.weights });
  const priors = priorsOf(weighed, k);
  const logs = Float64Array.from({ length: weights.length * k }, (_, at) => Math.log(priors[at % k]));
  for (const [at, { counts }] of sampled.views.entries()) {
    addEvidence(views[at], evidenceOf(usesOf(counts, weighed, k), priors, power), k, logs);
  }
  const assigned = new Float32Array(logs.length);
  for (let start = 0; start < logs.length; start += k) softmaxInto(logs, start, k, assigned);
  return assigned;
}

/** The same candidate of all data and of each part. */
type Trial = readonly Candidate[];

/** Returns, for each trial, the strongest tag of the sampled items of all data: by all data, then by each part. */
function labelled(
  parts: readonly Part[],
  trials: readonly Trial[],
  power: number,
): readonly (readonly Uint32Array[])[] {
  const [{ sampled }] = parts;
  return trials.map(([own, ...others]) => [
    labelsOf(own.shares, own.k),
    ...others.map((other, at) => labelsOf(assign(sampled, parts[at + 1].sampled, other, power), other.k)),
  ]);
}

/** A trial, and its mean reproducible information, times the preference for its number of tags. */
interface Found {
  readonly trial: Trial;
  readonly information: number;
}

/** Returns the trial with most reproducible information; of equal ones the first. Undefined without trials. */
function mostReproducible(
  trials: readonly Trial[],
  labels: readonly (readonly Uint32Array[])[],
  sizes: Float32Array,
  lossWeight: number,
): Found | undefined {
  let best: Found | undefined;
  for (const [at, trial] of trials.entries()) {
    const [own, ...others] = labels[at];
    const sum = others.reduce(
      (total, other) => total + reproducibleInformation(own, other, sizes, lossWeight),
      0,
    );
    const mean = sum / others.length;
    const information = mean > 0 && preferred.has(trial[0].k) ? preference * mean : mean;
    if (best === undefined || information > best.information) best = { trial, information };
  }
  return best;
}

/** Returns the candidates of each place together. */
const togetherOf = (made: readonly (readonly Candidate[])[]): readonly Trial[] =>
  made[0].map((_, at) => made.map(candidates => candidates[at]));

/**
 * Clusters the samples of all data and of each part, and chooses: among rotations where one of them is found again well,
 * else among rotations and prunings by a milder measure.
 */
async function search(
  parts: readonly Part[],
  config: InterestTagsConfig,
  tried: readonly number[],
  onPass: () => Promise<void>,
): Promise<Trial | undefined> {
  if (tried.length === 0) return undefined;
  const [{ sampled: whole }] = parts;
  const makers = parts.map(({ sampled }) =>
    createCandidates(withoutRareTokens(sampled), tried, config, onPass),
  );
  const rotated: (readonly Candidate[])[] = [];
  for (const maker of makers) rotated.push(await maker.rotated());
  const trials = togetherOf(rotated);
  const labels = labelled(parts, trials, config.specificity);
  const found = mostReproducible(trials, labels, whole.sizes, strictLoss);
  if (found !== undefined && found.information > 0) return found.trial;
  const pruned: (readonly Candidate[])[] = [];
  for (const maker of makers) pruned.push(await maker.pruned());
  const others = togetherOf(pruned);
  const otherLabels = labelled(parts, others, config.specificity);
  const all = [...trials, ...others];
  const best = mostReproducible(all, [...labels, ...otherLabels], whole.sizes, mildLoss)?.trial;
  // Pruning finds the chosen number better from about twice as many tags than from many.
  return best === undefined || tried.length === 1 ? best : search(parts, config, [best[0].k], onPass);
}

/**
 * Returns the clustering without tags of fewer than eight products, which go to their next best tags. Unchanged where fewer
 * than two tags would be left.
 */
export function withoutTinyTags({ k, shares }: Candidate, sizes: Float32Array): Candidate {
  const products = new Float64Array(k);
  for (const [item, tag] of labelsOf(shares, k).entries()) products[tag] += sizes[item];
  const kept = [...products.keys()].filter(tag => products[tag] >= minTagSize);
  if (kept.length === k || kept.length < 2) return { k, shares };
  const left = new Float32Array(sizes.length * kept.length);
  for (let item = 0; item < sizes.length; item++) {
    const own = kept.map(tag => shares[item * k + tag]);
    const total = own.reduce((sum, share) => sum + share, 0);
    for (const [at, share] of own.entries())
      left[item * kept.length + at] = total > 0 ? share / total : 1 / kept.length;
  }
  return { k: kept.length, shares: left };
}

/**
 * Clusters items, into `config.k` tags or into the number that is found again best.
 *
 * @param onPass - may throw to stop
 */
export async function clusterItems(
  items: Items,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clusters> {
  const wholes = [
    items,
    ...Array.from({ length: config.resamples }, (_, at) => partOf(items, firstPartSeed + at)),
  ];
  const parts = wholes.map((part, at) => ({
    items: part,
    sampled: subsetOf(part, sampleOf(part, maxSampled, seed + 13 * at)),
  }));
  const least = Math.min(...parts.map(({ sampled }) => sampled.weights.length));
  const trial = await search(
    parts,
    config,
    triedFor(config, items).filter(k => k <= least),
    onPass,
  );
  // Nothing tells the items apart.
  if (trial === undefined)
    return { k: 1, shares: new Float32Array(items.weights.length).fill(1), ofParts: [] };
  const [{ k }] = trial;
  const { specificity: power, emIterations } = config;
  const iterations = Math.ceil(finalIterations * emIterations);
  const extended: Float32Array[] = [];
  for (const [at, { items: own, sampled }] of parts.entries()) {
    const start = assign(own, sampled, trial[at], power);
    const options = { tags: k, power, weights: own.weights, iterations };
    extended.push(await refineShares(own.views, start, options, onPass));
  }
  const [shares, ...others] = extended;
  const kept = config.k > 0 ? { k, shares } : withoutTinyTags({ k, shares }, items.sizes);
  return { ...kept, ofParts: others.map(other => labelsOf(other, k)) };
}
