// Chooses the clustering of items that another training would find again. Items are clustered on all data, and again on
// parts of them (nine tenths of the items and of the shoppers, drawn at random), each time into every number of tags of a
// grid. The candidate with most reproducible information wins, on average over all pairs of these clusterings. The verdict looks at other parts (check.ts). No candidate has
// a random start: chance only draws the parts, and the sample of more than `maxSampled` items.
// O(parts · entries of the sample · Σ grid + entries · k).

import { adjustedRand } from '../../numeric/adjustedRand';
import { type Candidate, type CandidateKind, type CandidateMaker, createCandidates } from './candidates';
import { type Items, partOf, sampleOf, subsetOf } from './items';
import { addEvidence, evidenceOf, priorsOf, refineShares, softmaxInto, usesOf, weighShares } from './mixture';
import { meanInformation } from './reproducible';
import type { InterestTagsConfig } from './settings';

const grid = [2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 24, 32, 48, 64, 96, 128, 200, 400];
/**
 * These are preferred to numbers between them unless another one is worth so many times as much: the number of tags must not
 * change from day to day, or from one draw of the sample to another, by chance.
 */
const preferred: ReadonlySet<number> = new Set([2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 200, 400]);
const preference = 1.2;
/** Most items that clusters are found on; all other items are then assigned to them. Fewer where texts are long, but not under. */
const maxSampled = 5_000;
const minSampled = 2_000;
/** Most words of the items that clusters are found on, as far as that leaves enough items: the time grows with them. */
const maxSampledWords = 400_000;
/** Fewest products per tag, when the number of tags is chosen. */
const minTagSize = 8;
/** λ of reproducible information: first, and where no number of tags is worth more than nothing by it. */
const strictLoss = 3;
const mildLoss = 1;
/** Where the parts agree less on the best rotation (adjusted Rand index), tags of short texts are made of words. */
const minAgreement = 0.8;
/** Texts with fewer different words on average are short. */
const maxShortWords = 20;
/** The parts are the same for every seed and every day: the choice between numbers of tags that are worth about as much stays. */
const firstPartSeed = 101;
/** Clusterings that are not refined: they have meaning of their own. */
const settled: ReadonlySet<CandidateKind> = new Set(['anchored', 'joined']);
/** Share of `emIterations` that the chosen clustering is refined with on all items. */
const finalIterations = 0.25;
/** Most items that it is refined on, and that categories are joined on; all other items are then assigned to it. */
const maxRefined = 25_000;

/** How clusters were found, so that the same can be tried on other data. */
export interface Recipe {
  readonly kind: CandidateKind;
  readonly k: number;
}

/** A clustering of all items. */
export interface Clusters extends Candidate {
  /** Undefined where nothing tells the items apart. */
  readonly recipe: Recipe | undefined;
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
interface Trial {
  readonly kind: CandidateKind;
  readonly made: readonly Candidate[];
}

/** Returns, for each trial, the strongest tag of the sampled items of all data: by all data, then by each part. */
function labelled(
  parts: readonly Part[],
  trials: readonly Trial[],
  power: number,
): readonly (readonly Uint32Array[])[] {
  const [{ sampled }] = parts;
  return trials.map(({ made: [own, ...others] }) => [
    labelsOf(own.shares, own.k),
    ...others.map((other, at) => labelsOf(assign(sampled, parts[at + 1].sampled, other, power), other.k)),
  ]);
}

/** A trial, its mean reproducible information times the preference for its number of tags, and how well the parts agree. */
interface Found {
  readonly trial: Trial;
  readonly information: number;
  /** Mean adjusted Rand index. */
  readonly agreement: number;
}

/** Returns the mean agreement of a clustering with others. */
const meanAgreement = (own: Uint32Array, others: readonly Uint32Array[]): number =>
  others.reduce((sum, other) => sum + adjustedRand(own, other) / others.length, 0);

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
    const mean = meanInformation(labels[at], sizes, lossWeight);
    const information = mean > 0 && preferred.has(trial.made[0].k) ? preference * mean : mean;
    if (best !== undefined && information <= best.information) continue;
    best = { trial, information, agreement: meanAgreement(own, others) };
  }
  return best;
}

/** Makes the candidates of a kind from all data and from each part, and puts the same ones together. */
async function trialsOf(makers: readonly CandidateMaker[], kind: CandidateKind): Promise<readonly Trial[]> {
  const made: (readonly Candidate[])[] = [];
  for (const maker of makers) made.push(await maker[kind]());
  const count = Math.min(...made.map(candidates => candidates.length));
  return Array.from({ length: count }, (_, at) => ({ kind, made: made.map(candidates => candidates[at]) }));
}

/** Whether items have so few words that tags may be made of words. */
function areShort({ views: [{ counts }] }: Items): boolean {
  return counts.indices.length < maxShortWords * counts.rows;
}

/** Returns the trial with most reproducible information among the trials of parts. */
const bestOf = (
  parts: readonly Part[],
  trials: readonly Trial[],
  { specificity }: InterestTagsConfig,
  lossWeight: number,
): Found | undefined =>
  mostReproducible(trials, labelled(parts, trials, specificity), parts[0].sampled.sizes, lossWeight);

/** Returns makers of candidates of each sample. */
const makersOf = (
  parts: readonly Part[],
  tried: readonly number[],
  config: InterestTagsConfig,
  onPass: () => Promise<void>,
): readonly CandidateMaker[] => parts.map(({ sampled }) => createCandidates(sampled, tried, config, onPass));

/** Joins the categories of all data and of each part. Undefined without a tree of categories or where they are not found again. */
async function searchJoined(
  parts: readonly Part[],
  config: InterestTagsConfig,
  tried: readonly number[],
  onPass: () => Promise<void>,
): Promise<Trial | undefined> {
  const joined = await trialsOf(makersOf(parts, tried, config, onPass), 'joined');
  const found = bestOf(parts, joined, config, strictLoss);
  return found !== undefined && found.information > 0 ? found.trial : undefined;
}

/**
 * Clusters the samples of all data and of each part, and chooses: among rotations where one of them is found again well;
 * with short texts also among words where no rotation is; else among rotations and prunings by a milder measure.
 */
async function search(
  parts: readonly Part[],
  config: InterestTagsConfig,
  tried: readonly number[],
  onPass: () => Promise<void>,
): Promise<Trial | undefined> {
  const [{ sampled: whole }] = parts;
  const makers = makersOf(parts, tried, config, onPass);
  const rotated = await trialsOf(makers, 'rotated');
  const found = bestOf(parts, rotated, config, strictLoss);
  const isClear = found !== undefined && found.agreement >= minAgreement;
  const anchored = isClear || !areShort(whole) ? [] : await trialsOf(makers, 'anchored');
  const strict =
    anchored.length === 0
      ? found
      : bestOf(parts, [...(found ? [found.trial] : []), ...anchored], config, strictLoss);
  if (strict !== undefined && strict.information > 0) return strict.trial;
  const pruned = await trialsOf(makers, 'pruned');
  const mild = bestOf(parts, [...rotated, ...pruned], config, mildLoss)?.trial;
  if (mild === undefined || mild.kind !== 'pruned' || tried.length === 1) return mild;
  // Pruning finds the chosen number better from about twice as many tags than from many.
  const again = await createCandidates(whole, [mild.made[0].k], config, onPass).pruned();
  return again.length === 0 ? mild : { kind: 'pruned', made: again };
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

/** Returns how many of the items clusters are found on, by the number of words per item. */
export function sampleSizeOf({ views }: Pick<Items, 'views'>): number {
  const words = views.reduce(
    (sum, { counts, ofShoppers }) =>
      ofShoppers ? sum : sum + counts.indices.length / Math.max(1, counts.rows),
    0,
  );
  return Math.min(maxSampled, Math.max(minSampled, Math.floor(maxSampledWords / Math.max(1, words))));
}

/** Returns items with a sample of at most so many, on which clusters are found. */
const sampledOf = (items: Items, most: number, seed: number): Part => ({
  items,
  sampled: subsetOf(items, sampleOf(items, most, seed)),
});

/** Refines the clusters of a sample on many items, unless they are made of words or categories, and assigns all items to them. */
async function extend(
  { items, sampled }: Part,
  candidate: Candidate,
  { kind, seed }: { readonly kind: CandidateKind; readonly seed: number },
  { specificity: power, emIterations, k: wanted }: InterestTagsConfig,
  onPass: () => Promise<void>,
): Promise<Candidate> {
  const { k } = candidate;
  const iterations = settled.has(kind) ? 0 : Math.ceil(finalIterations * emIterations);
  const isWhole = items.weights.length <= maxRefined || iterations === 0;
  const many = isWhole ? items : subsetOf(items, sampleOf(items, maxRefined, seed));
  const start = assign(many, sampled, candidate, power);
  const options = { tags: k, power, weights: many.weights, iterations };
  const refined = { k, shares: await refineShares(many.views, start, options, onPass) };
  await onPass();
  const found = isWhole ? refined : { k, shares: assign(items, many, refined, power) };
  return wanted > 0 ? found : withoutTinyTags(found, items.sizes);
}

/** The clustering of items that nothing tells apart. */
const undividedOf = ({ weights }: Items): Clusters => ({
  k: 1,
  shares: new Float32Array(weights.length).fill(1),
  recipe: undefined,
});

/**
 * Clusters items, into `config.k` tags or into the number that is found again best.
 *
 * @param seed - draws the sample of many items
 * @param onPass - may throw to stop
 */
export async function clusterItems(
  items: Items,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clusters> {
  const resampled = Array.from({ length: config.resamples + 1 }, (_, at) =>
    partOf(items, firstPartSeed + at),
  );
  const partsOf = (most: number): readonly Part[] =>
    [items, ...resampled].map((own, at) => sampledOf(own, most, seed + 13 * at));
  const parts = partsOf(sampleSizeOf(items));
  const least = Math.min(...parts.map(({ sampled }) => sampled.weights.length));
  const tried = triedFor(config, items).filter(k => k <= least);
  if (tried.length === 0) return undividedOf(items);
  const wide = items.categories !== undefined && areShort(parts[0].sampled) ? partsOf(maxRefined) : [];
  const joined = wide.length === 0 ? undefined : await searchJoined(wide, config, tried, onPass);
  const trial = joined ?? (await search(parts, config, tried, onPass));
  if (trial === undefined) return undividedOf(items);
  const {
    kind,
    made: [own],
  } = trial;
  const [whole] = joined === undefined ? parts : wide;
  return { ...(await extend(whole, own, { kind, seed }, config, onPass)), recipe: { kind, k: own.k } };
}

/** Clusters other items in the same way, as far as they have enough items or words for it. */
export async function clusterAgain(
  items: Items,
  recipe: Recipe,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clusters> {
  const { kind, k } = recipe;
  const whole = sampledOf(items, kind === 'joined' ? maxRefined : sampleSizeOf(items), seed);
  const tried = k > whole.sampled.weights.length ? [] : [k];
  const [found] = await createCandidates(whole.sampled, tried, config, onPass)[kind]();
  if (found === undefined) return undividedOf(items);
  return { ...(await extend(whole, found, { kind, seed }, config, onPass)), recipe };
}
