import type { Csr } from '../../numeric/csr';
import type { Snapshot } from '../../snapshot/snapshot';
import { centresOf } from './centres';
import { chooseK } from './chooseK';
import { clusterThings, type Things } from './cluster';
import { companyOfSnapshot } from './company';
import { joinParts, semanticRows, weighTerms } from './features';
import { type LearnedTags, mostTagsOfOne, strongestTags } from './learned';
import { addEvidence, type Evidence, evidenceOf, priorsOf, softmaxInto, usesOf, type View } from './mixture';
import type { InterestTagsConfig } from './settings';
import { countsOf, type Reading, readSnapshot } from './terms';
import { learnWords, wordRows } from './wordRows';

/** Everything clusters are made from. */
export interface Prepared {
  readonly reading: Reading;
  readonly things: Things;
  readonly vectors: LearnedTags['vectors'];
  /** Tags to make. */
  readonly k: number;
}

/** Products in clusters, and what words say of these. */
export interface Clustered {
  readonly k: number;
  /** [products × 3] */
  readonly productTags: Int32Array;
  readonly productWeights: Float32Array;
  /** Strongest tag of each product, -1 for one of which nothing is known. */
  readonly labels: Int32Array;
  /** Of words, learned from products and shoppers' texts. */
  readonly evidence: Evidence;
  /** How many products of each cluster have each term in what tags are named after. [terms × clusters] */
  readonly held: Float64Array;
}

/** Each token once. */
const binary = (counts: Csr): Csr => ({ ...counts, values: counts.values.map(() => 1) });

/** Reads, weighs, finds directions, and settles how many tags there are to be. */
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
  const company = await companyOfSnapshot(snapshot, config.spectralWeight, seed, onStep);
  const words = config.wordVectorWeight > 0 ? wordRows(products, table, vectors) : new Float32Array(0);
  const { rows, columns } = joinParts(
    [
      { ...semantic, weight: 1 },
      { rows: words, columns: vectors.rank, weight: config.wordVectorWeight },
      ...(company ? [company.part] : []),
    ],
    count,
  );
  const views: readonly View[] = [{ counts: binary(counts), weight: 1 }, ...(company ? [company.view] : [])];
  const k = config.k > 0 ? config.k : await chooseK(rows, columns, config.maxTags, seed, onStep);
  return { reading, things: { rows, columns, views }, vectors, k };
}

/** How much each product's views say, in tokens. */
function heardOf(views: readonly View[], row: number): number {
  return views.reduce((sum, { counts: { indptr, values }, weight }) => {
    let own = 0;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) own += values[entry];
    return sum + weight * own;
  }, 0);
}

/** What shoppers' texts add to the uses of words: no more, together, than the products' own. */
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

/** Words as tags use them, in products and in what shoppers write. */
function wordEvidence(
  { reading, things }: Prepared,
  shares: Float32Array,
  k: number,
  power: number,
): Evidence {
  const [{ counts }] = things.views;
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

/** Clusters what was prepared. Another seed, another start. */
export async function cluster(
  prepared: Prepared,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clustered> {
  const { things } = prepared;
  const count = prepared.reading.products.length;
  const k = Math.min(prepared.k, count);
  const shares = await clusterThings(things, k, config, seed, onPass);
  const power = config.specificity;
  const priors = priorsOf(shares, k);
  const logs = new Float64Array(count * k);
  for (const view of things.views) {
    addEvidence(view, evidenceOf(usesOf(view.counts, shares, k), priors, power), k, logs);
  }
  const productTags = new Int32Array(count * mostTagsOfOne).fill(-1);
  const productWeights = new Float32Array(productTags.length);
  for (let row = 0; row < count; row++) {
    const heard = heardOf(things.views, row);
    if (heard === 0) continue;
    for (const [place, [tag, share]] of strongestTags(
      logs.subarray(row * k, (row + 1) * k),
      heard,
    ).entries()) {
      productTags[row * mostTagsOfOne + place] = tag;
      productWeights[row * mostTagsOfOne + place] = share;
    }
  }
  const labels = Int32Array.from({ length: count }, (_, row) => productTags[row * mostTagsOfOne]);
  const { naming, table } = prepared.reading;
  return {
    k,
    productTags,
    productWeights,
    labels,
    evidence: wordEvidence(prepared, shares, k, power),
    held: usesOf(binary(countsOf(naming, table)), shares, k),
  };
}

/** Logarithms less their mean over tags: what a word says for a tag and against the others. */
export function centredLogs({ logs }: Evidence, k: number): Float32Array {
  const centred = logs.slice();
  for (let start = 0; start < centred.length; start += k) {
    let mean = 0;
    for (let tag = 0; tag < k; tag++) mean += logs[start + tag] / k;
    for (let tag = 0; tag < k; tag++) centred[start + tag] -= mean;
  }
  return centred;
}

/** Centres of clusters, or of groups of them. */
export const centresOfGroups = ({ rows, columns }: Things, labels: Int32Array, groups: number) =>
  centresOf(rows, columns, labels, groups);
