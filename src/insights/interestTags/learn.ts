import type { Csr } from '../../numeric/csr';
import type { Snapshot } from '../../snapshot/snapshot';
import { centresOf } from './centres';
import { chooseK } from './chooseK';
import { clusterItems, type Items } from './cluster';
import { joinParts, semanticRows, weighTerms } from './features';
import { embeddingOfSnapshot } from './itemEmbedding';
import { type LearnedTags, maxTagsPerItem, strongestTags } from './learned';
import { addEvidence, type Evidence, evidenceOf, priorsOf, softmaxInto, usesOf, type View } from './mixture';
import type { InterestTagsConfig } from './settings';
import { countsOf, type Reading, readSnapshot } from './terms';
import { learnWords, wordRows } from './wordRows';

/** Input of the clustering. */
export interface Prepared {
  readonly reading: Reading;
  readonly items: Items;
  readonly vectors: LearnedTags['vectors'];
  /** Number of tags to make. */
  readonly k: number;
}

/** Clusters of products, and the words that belong to them. */
export interface Clustered {
  readonly k: number;
  /** [products × 3] */
  readonly productTags: Int32Array;
  readonly productWeights: Float32Array;
  /** Strongest tag of each product; -1 for a product without data. */
  readonly labels: Int32Array;
  /** Of words; learned from products and shoppers' texts. */
  readonly evidence: Evidence;
  /** Products of each cluster whose naming terms contain each term (`Reading.naming`). [terms × clusters] */
  readonly textCounts: Float64Array;
}

/** Returns the matrix with every count replaced by 1. */
const binary = (counts: Csr): Csr => ({ ...counts, values: counts.values.map(() => 1) });

/** Reads and weights the terms, computes features, and chooses the number of tags. */
export async function prepare(
  snapshot: Snapshot,
  config: InterestTagsConfig,
  seed: number,
  onStep: () => Promise<void>,
): Promise<Prepared> {
  const reading = readSnapshot(snapshot, config.maxTerms);
  const { table, products } = reading;
  const count = products.length;
  const counts = countsOf(products, table);
  const semantic = await semanticRows(weighTerms(counts, table), config, seed, onStep);
  const vectors = await learnWords([...products, ...reading.shoppers], table, seed, onStep);
  const embedding = await embeddingOfSnapshot(snapshot, config.spectralWeight, seed, onStep);
  const words = config.wordVectorWeight > 0 ? wordRows(products, table, vectors) : new Float32Array(0);
  const { rows, columns } = joinParts(
    [
      { ...semantic, weight: 1 },
      { rows: words, columns: vectors.rank, weight: config.wordVectorWeight },
      ...(embedding ? [embedding.part] : []),
    ],
    count,
  );
  const views: readonly View[] = [
    { counts: binary(counts), weight: 1 },
    ...(embedding ? [embedding.view] : []),
  ];
  const k = config.k > 0 ? config.k : await chooseK(rows, columns, config.maxTags, seed, onStep);
  return { reading, items: { rows, columns, views }, vectors, k };
}

/** Returns the weight of a product's tokens over all views. */
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
  const priors = priorsOf(shares, k);
  const uses = usesOf(counts, shares, k);
  const ofProducts = evidenceOf(uses, priors, power);
  if (reading.shoppers.length === 0) return ofProducts;
  const texts = binary(countsOf(reading.shoppers, reading.table));
  const { uses: more, mass } = usesByShoppers(texts, ofProducts, k);
  const scale = Math.min(1, counts.indices.length / Math.max(1, mass));
  return evidenceOf(
    uses.map((own, at) => own + scale * more[at]),
    priors,
    power,
  );
}

/** Clusters the products. The seed sets the random start. */
export async function cluster(
  prepared: Prepared,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clustered> {
  const { items } = prepared;
  const count = prepared.reading.products.length;
  const k = Math.min(prepared.k, count);
  const shares = await clusterItems(items, k, config, seed, onPass);
  const power = config.specificity;
  const priors = priorsOf(shares, k);
  const logs = new Float64Array(count * k);
  for (const view of items.views) {
    addEvidence(view, evidenceOf(usesOf(view.counts, shares, k), priors, power), k, logs);
  }
  const productTags = new Int32Array(count * maxTagsPerItem).fill(-1);
  const productWeights = new Float32Array(productTags.length);
  for (let row = 0; row < count; row++) {
    const tokens = tokensOf(items.views, row);
    if (tokens === 0) continue;
    for (const [place, [tag, share]] of strongestTags(
      logs.subarray(row * k, (row + 1) * k),
      tokens,
    ).entries()) {
      productTags[row * maxTagsPerItem + place] = tag;
      productWeights[row * maxTagsPerItem + place] = share;
    }
  }
  const labels = Int32Array.from({ length: count }, (_, row) => productTags[row * maxTagsPerItem]);
  const { naming, table } = prepared.reading;
  return {
    k,
    productTags,
    productWeights,
    labels,
    evidence: wordEvidence(prepared, shares, k, power),
    textCounts: usesOf(binary(countsOf(naming, table)), shares, k),
  };
}

/** Returns the logarithms minus their mean over tags: the evidence of a word for a tag against the others. */
export function centredLogs({ logs }: Evidence, k: number): Float32Array {
  const centred = logs.slice();
  for (let start = 0; start < centred.length; start += k) {
    let mean = 0;
    for (let tag = 0; tag < k; tag++) mean += logs[start + tag] / k;
    for (let tag = 0; tag < k; tag++) centred[start + tag] -= mean;
  }
  return centred;
}

/** Computes the centres of clusters, or of groups of clusters. */
export const centresOfGroups = ({ rows, columns }: Items, labels: Int32Array, groups: number) =>
  centresOf(rows, columns, labels, groups);
