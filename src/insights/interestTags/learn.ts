import { type Csr, rowsOf } from '../../numeric/csr';
import { categoriesOf } from './categoryGroups';
import { centresOf } from './centres';
import { type Clusters, clusterAgain, clusterItems, type Recipe } from './cluster';
import { joinParts, semanticRows, weighTerms } from './features';
import { embeddingOf } from './itemEmbedding';
import type { Items } from './items';
import { type LearnedTags, maxTagsPerItem, strongestTags } from './learned';
import { type ItemTags, strongestOf, withoutLooseTags } from './looseTags';
import {
  addEvidence,
  type Evidence,
  evidenceOf,
  priorsOf,
  softmaxInto,
  usesOf,
  type View,
  weighShares,
} from './mixture';
import type { InterestTagsConfig } from './settings';
import { countsOf, isCategoryTerm, type Reading } from './terms';
import { preferencesOfUnits, type Units, unitsOf } from './units';
import { learnWords, noVectors, wordRows } from './wordRows';

/** Input of the clustering. */
export interface Prepared {
  readonly reading: Reading;
  readonly units: Units;
  /** The units. */
  readonly items: Items;
  readonly vectors: LearnedTags['vectors'];
  /** Weight of each term in a description. [terms] */
  readonly termWeights: Float32Array;
}

/** Clusters of products, and the words that belong to them. */
export interface Clustered {
  readonly k: number;
  /** [products × 3] */
  readonly productTags: Int32Array;
  readonly productWeights: Float32Array;
  /** Strongest tag of each product; -1 for a product without data. */
  readonly labels: Int32Array;
  /** Strongest tag of each unit; -1 for one without data. */
  readonly unitLabels: Int32Array;
  /** Of words; learned from products and shoppers' texts. */
  readonly evidence: Evidence;
  /** Products of each cluster whose naming terms contain each term (`Reading.naming`). [terms × clusters] */
  readonly textCounts: Float64Array;
  /** How they were found; undefined where nothing tells the products apart. */
  readonly recipe: Recipe | undefined;
}

/** The start of iterations that converge: another one would find the same directions, in other signs. */
const iterationSeed = 1;

/** Returns the matrix with every count replaced by 1. */
const binary = (counts: Csr): Csr => ({ ...counts, values: counts.values.map(() => 1) });

/** Returns the matrix with every entry multiplied by the weight of its column. */
const scaled = (counts: Csr, weights: Float32Array): Csr => ({
  ...counts,
  values: counts.values.map((value, entry) => value * weights[counts.indices[entry]]),
});

/** Options of {@link prepare}. */
export interface PrepareOptions {
  readonly seed: number;
  /** Whether the tags will be read: the vectors of words stand in for unknown words of searches. */
  readonly forReaders: boolean;
}

/** Weights the terms of units of equal products, and computes their features. @param preferences - [users × products] */
export async function prepare(
  reading: Reading,
  preferences: Csr,
  config: InterestTagsConfig,
  { seed, forReaders }: PrepareOptions,
  onStep: () => Promise<void>,
): Promise<Prepared> {
  const { table, products, vocabulary } = reading;
  const ofProducts = countsOf(products, reading);
  const units = unitsOf(ofProducts);
  await onStep();
  const texts = Array.from(units.firsts, row => products[row]);
  const termWeights = Float32Array.from(table.terms, term =>
    isCategoryTerm(term) ? config.categoryWeight : 1,
  );
  const counts = rowsOf(ofProducts, units.firsts);
  const semantic = await semanticRows(weighTerms(counts, table, termWeights), config, iterationSeed, onStep);
  const vectors =
    forReaders || config.wordVectorWeight > 0
      ? await learnWords([...texts, ...reading.shoppers], reading, seed, onStep)
      : noVectors();
  const embedding = await embeddingOf(
    preferencesOfUnits(preferences, units),
    config.spectralWeight,
    iterationSeed,
    onStep,
  );
  const words = config.wordVectorWeight > 0 ? wordRows(texts, reading, vectors) : new Float32Array(0);
  const { rows, columns } = joinParts(
    [
      { ...semantic, weight: 1 },
      { rows: words, columns: vectors.rank, weight: config.wordVectorWeight },
      ...(embedding ? [embedding.part] : []),
    ],
    units.count,
  );
  const views: readonly View[] = [
    { counts: scaled(binary(counts), termWeights), weight: 1 },
    ...(embedding ? [embedding.view] : []),
  ];
  const isCategory = Uint8Array.from(vocabulary, term => Number(isCategoryTerm(term)));
  const paths = texts.map(text =>
    Array.from(
      text.filter(term => isCategory[term] === 1),
      term => vocabulary[term],
    ),
  );
  const categories = categoriesOf(paths, units.sizes);
  const items = { rows, columns, views, sizes: units.sizes, weights: units.sizes.map(Math.sqrt), categories };
  return { reading, units, items, vectors, termWeights };
}

/** Returns the weight of a unit's tokens over all views. */
function tokensOf(views: readonly View[], row: number): number {
  return views.reduce((sum, { counts: { indptr, values }, weight }) => {
    let own = 0;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) own += values[entry];
    return sum + weight * own;
  }, 0);
}

/** Returns how often tags use words in shoppers' texts, and the number of those words. */
function usesByShoppers(
  texts: Csr,
  { logs }: Evidence,
  k: number,
): { readonly uses: Float64Array; readonly mass: number } {
  const evidence = new Float64Array(texts.rows * k);
  addEvidence({ counts: texts, weight: 1 }, { logs, specificity: new Float32Array(0) }, k, evidence);
  const shares = new Float32Array(evidence.length);
  for (let start = 0; start < evidence.length; start += k) softmaxInto(evidence, start, k, shares);
  return { uses: usesOf(texts, shares, k), mass: texts.indices.length };
}

/** Computes the evidence of words from products and from shoppers' texts. The texts count no more than the products. */
function wordEvidence(
  { reading, items }: Prepared,
  shares: Float32Array,
  k: number,
  power: number,
): Evidence {
  const [{ counts }] = items.views;
  const weighed = weighShares(shares, { tags: k, weights: items.sizes });
  const priors = priorsOf(weighed, k);
  const uses = usesOf(counts, weighed, k);
  const ofProducts = evidenceOf(uses, priors, power);
  if (reading.shoppers.length === 0) return ofProducts;
  const texts = binary(countsOf(reading.shoppers, reading));
  const { uses: more, mass } = usesByShoppers(texts, ofProducts, k);
  const used = uses.reduce((sum, value) => sum + value, 0);
  const scale = Math.min(1, used / Math.max(1, mass));
  return evidenceOf(
    uses.map((own, at) => own + scale * more[at]),
    priors,
    power,
  );
}

/** Returns the strongest tags of each unit; -1 for a unit without tokens. [units × 3] */
function tagsOfUnits(
  { views, weights: counted }: Items,
  shares: Float32Array,
  k: number,
  power: number,
): ItemTags {
  const weighed = weighShares(shares, { tags: k, weights: counted });
  const priors = priorsOf(weighed, k);
  const logs = new Float64Array(shares.length);
  for (const view of views) {
    addEvidence(view, evidenceOf(usesOf(view.counts, weighed, k), priors, power), k, logs);
  }
  const tags = new Int32Array(counted.length * maxTagsPerItem).fill(-1);
  const weights = new Float32Array(tags.length);
  for (let row = 0; row < counted.length; row++) {
    const tokens = tokensOf(views, row);
    if (tokens === 0) continue;
    const found = strongestTags(logs.subarray(row * k, (row + 1) * k), tokens);
    for (const [place, [tag, share]] of found.entries()) {
      tags[row * maxTagsPerItem + place] = tag;
      weights[row * maxTagsPerItem + place] = share;
    }
  }
  return { tags, weights };
}

/** Returns the tags of units; those of joined categories only as far as the categories belong together. */
function clearTagsOf(items: Items, { k, shares, recipe }: Clusters, power: number): ItemTags {
  const found = tagsOfUnits(items, shares, k, power);
  return recipe?.kind === 'joined' ? withoutLooseTags(found, items, k) : found;
}

/** Writes the values of each product's unit. @param width - values per unit */
function copyToProducts<Values extends Int32Array | Float32Array>(
  values: Values,
  { unitOf }: Units,
  width: number,
  out: Values,
): Values {
  for (const [row, unit] of unitOf.entries())
    out.set(values.subarray(unit * width, (unit + 1) * width), row * width);
  return out;
}

/** Clusters the products. The seed draws the sample of many products. */
export async function cluster(
  prepared: Prepared,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clustered> {
  const { items, units, reading } = prepared;
  const clusters = await clusterItems(items, config, seed, onPass);
  const { k, shares, recipe } = clusters;
  const power = config.specificity;
  const unitTags = clearTagsOf(items, clusters, power);
  const unitLabels = strongestOf(unitTags);
  const naming = countsOf(
    Array.from(units.firsts, row => reading.naming[row]),
    reading,
  );
  const bySize = weighShares(shares, { tags: k, weights: units.sizes });
  const length = units.unitOf.length * maxTagsPerItem;
  return {
    k,
    productTags: copyToProducts(unitTags.tags, units, maxTagsPerItem, new Int32Array(length)),
    productWeights: copyToProducts(unitTags.weights, units, maxTagsPerItem, new Float32Array(length)),
    labels: Int32Array.from(units.unitOf, unit => unitLabels[unit]),
    unitLabels,
    recipe,
    evidence: wordEvidence(prepared, shares, k, power),
    textCounts: usesOf(binary(naming), bySize, k),
  };
}

/** Returns the strongest tag of each product when the same is learned from other data; -1 for none. */
export async function labelsAgain(
  { items, units }: Prepared,
  recipe: Recipe,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Int32Array> {
  const clusters = await clusterAgain(items, recipe, config, seed, onPass);
  const found = strongestOf(clearTagsOf(items, clusters, config.specificity));
  return Int32Array.from(units.unitOf, unit => found[unit]);
}

/**
 * Returns the logarithms minus their mean over tags: the evidence of a word for a tag against the others. Terms that count
 * more than once in a description have that much more evidence.
 */
export function centredLogs({ logs }: Evidence, termWeights: Float32Array, k: number): Float32Array {
  const centred = logs.slice();
  for (const [term, weight] of termWeights.entries()) {
    const start = term * k;
    let mean = 0;
    for (let tag = 0; tag < k; tag++) mean += logs[start + tag] / k;
    for (let tag = 0; tag < k; tag++) centred[start + tag] = weight * (logs[start + tag] - mean);
  }
  return centred;
}

/** Computes the centres of clusters of units, or of groups of clusters. Sizes count products. */
export const centresOfGroups = ({ rows, columns, sizes }: Items, labels: Int32Array, groups: number) =>
  centresOf(rows, columns, { labels, masses: sizes }, groups);
