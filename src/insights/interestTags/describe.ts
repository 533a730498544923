import type { Artifact } from '../../artifact/artifact';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Centres, cosinesOf, groupCentres } from './centres';
import { characteristicTerms, isNameable, type TermCounts } from './characteristicTerms';
import { countLabels, type NameLanguage } from './labels';
import { type Clustered, centredLogs, centresOfGroups, type Prepared } from './learn';
import type { LearnedTags } from './learned';
import { joinNames, nameTags, type UnnamedTag } from './names';
import { type MissedTag, missedTags, previousTags } from './previousTags';
import type { InterestTag, TagNames } from './reading';
import { stableIds, type TagProducts } from './stableIds';

/** Most terms per tag. */
const maxTermsPerTag = 12;
/** Terms that a wider tag takes from each of its children. */
const termsPerChild = 4;

/** Returns the products of each group, by their strongest tag. */
function productsByGroup(
  labels: Int32Array,
  groups: number,
  idOf: (row: number) => string,
): readonly TagProducts[] {
  const sets = Array.from({ length: groups }, () => new Set<string>());
  for (const [row, label] of labels.entries()) if (label >= 0) sets[label].add(idOf(row));
  return sets.map(products => ({ products }));
}

/** Term counts of clusters, and which terms names may use. */
interface Words {
  readonly counts: TermCounts;
  readonly nameable: Uint8Array;
}

function wordsOfClusters(
  { reading }: Prepared,
  { textCounts, evidence, k }: Clustered,
  sizes: Uint32Array,
): Words {
  const { table } = reading;
  const counts = { table, textCounts, sizes: Float64Array.from(sizes), specificity: evidence.specificity };
  const nameable = Uint8Array.from(table.terms, term => Number(isNameable(term, table)));
  return { counts: { ...counts, sizes: counts.sizes.subarray(0, k) }, nameable };
}

const terms = ({ counts, nameable }: Words, cluster: number, language: NameLanguage | null) =>
  characteristicTerms(counts, nameable, cluster, language, maxTermsPerTag);

/** Names the tags without children. */
function namesOfLeaves(
  words: Words,
  labels: ReturnType<typeof countLabels>,
  sizes: Uint32Array,
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): readonly TagNames[] {
  const unnamed: readonly UnnamedTag[] = Array.from(sizes, (products, cluster) => ({
    group: [cluster],
    products,
    terms: { en: terms(words, cluster, 'en'), zh: terms(words, cluster, 'zh') },
  }));
  return nameTags(unnamed, labels, taken);
}

/** Names the wider tags: with a label that fits, else after their largest children. */
function namesOfWider(
  groups: Int32Array,
  count: number,
  leafNames: readonly TagNames[],
  sizes: Uint32Array,
  labels: ReturnType<typeof countLabels>,
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): readonly TagNames[] {
  return Array.from({ length: count }, (_, group) => {
    const members = [...groups.keys()]
      .filter(leaf => groups[leaf] === group)
      .sort((a, b) => sizes[b] - sizes[a]);
    const products = members.reduce((sum, leaf) => sum + sizes[leaf], 0);
    const [fitting] = nameTags([{ group: members, products, terms: { en: [], zh: [] } }], labels, taken);
    const isFitting = Object.values(fitting).every(name => labels.has(name));
    return isFitting
      ? fitting
      : joinNames(
          members.map(leaf => leafNames[leaf]),
          taken,
        );
  });
}

/** Returns the cosines among leaves and among wider tags; 0 between the two kinds. [tags × tags] */
function similarityOf(leaves: Centres, wider: Centres): Float32Array {
  const [own, above] = [leaves.sizes.length, wider.sizes.length];
  const count = own + above;
  const [a, b] = [cosinesOf(leaves), cosinesOf(wider)];
  return Float32Array.from({ length: count * count }, (_, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    if (i < own && j < own) return a[i * own + j];
    return i >= own && j >= own ? b[(i - own) * above + j - own] : 0;
  });
}

/** Reorders tags by size, largest first, and drops empty ones. */
function inOrderOfSize(clustered: Clustered): Clustered {
  const { k, labels, productTags, evidence, textCounts } = clustered;
  const sizes = new Uint32Array(k);
  for (const label of labels) if (label >= 0) sizes[label]++;
  const order = [...sizes.keys()].sort((a, b) => sizes[b] - sizes[a] || a - b).filter(tag => sizes[tag] > 0);
  const place = Int32Array.from(sizes, (_, tag) => order.indexOf(tag));
  const columns = order.length;
  const pick = <A extends Float32Array | Float64Array>(from: A, out: A): A => {
    for (let row = 0; row * k < from.length; row++) {
      for (const [to, tag] of order.entries()) out[row * columns + to] = from[row * k + tag];
    }
    return out;
  };
  const rows = textCounts.length / k;
  return {
    ...clustered,
    k: columns,
    labels: labels.map(label => (label < 0 ? -1 : place[label])),
    productTags: productTags.map(tag => (tag < 0 ? -1 : place[tag])),
    evidence: { ...evidence, logs: pick(evidence.logs, new Float32Array(rows * columns)) },
    textCounts: pick(textCounts, new Float64Array(rows * columns)),
  };
}

/** Tags with and without children: their centres, and the group (wider tag) of each leaf, -1 for none. */
interface Hierarchy {
  readonly leaves: Centres;
  readonly wider: Centres;
  readonly groups: Int32Array;
  /** Wider tag of each product; -1 for none. */
  readonly groupLabels: Int32Array;
}

function hierarchyOf(items: Prepared['items'], { k, labels }: Clustered): Hierarchy {
  const leaves = centresOfGroups(items, labels, k);
  const groups = groupCentres(leaves);
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const groupLabels = labels.map(label => (label < 0 ? -1 : groups[label]));
  return { leaves, wider: centresOfGroups(items, groupLabels, count), groups, groupLabels };
}

/** Gives ids to leaves and to wider tags: those of similar previous tags where there are any. */
function idsOf(
  { products }: Snapshot,
  labels: Int32Array,
  { leaves, wider, groupLabels }: Hierarchy,
  previous: readonly MissedTag[],
): { readonly leafIds: readonly string[]; readonly widerIds: readonly string[] } {
  const taken = new Set(previous.map(({ id }) => id));
  const idOf = (row: number): string => products.idOf(row);
  const leafIds = stableIds(
    productsByGroup(labels, leaves.sizes.length, idOf),
    previous.filter(({ isWider }) => !isWider),
    taken,
  );
  const widerIds = stableIds(
    productsByGroup(groupLabels, wider.sizes.length, idOf),
    previous.filter(({ isWider }) => isWider),
    taken,
  );
  return { leafIds, widerIds };
}

/** Makes the tags: leaves first, then wider ones. */
function tagsOf(
  words: Words,
  { leaves, wider, groups }: Hierarchy,
  { leafIds, widerIds }: ReturnType<typeof idsOf>,
  labels: ReturnType<typeof countLabels>,
): readonly InterestTag[] {
  const taken = { en: new Set<string>(), zh: new Set<string>() };
  const leafNames = namesOfLeaves(words, labels, leaves.sizes, taken);
  const widerNames = namesOfWider(groups, widerIds.length, leafNames, leaves.sizes, labels, taken);
  const leafTags = leafIds.map((id, at) => ({
    id,
    parentId: groups[at] < 0 ? null : widerIds[groups[at]],
    names: leafNames[at],
    products: leaves.sizes[at],
    cohesion: leaves.cohesion[at],
    terms: terms(words, at, null).map(({ term }) => term),
  }));
  const widerTags = widerIds.map((id, at) => ({
    id,
    parentId: null,
    names: widerNames[at],
    products: wider.sizes[at],
    cohesion: wider.cohesion[at],
    terms: leafTags
      .filter((_, leaf) => groups[leaf] === at)
      .flatMap(tag => tag.terms.slice(0, termsPerChild))
      .slice(0, maxTermsPerTag),
  }));
  return [...leafTags, ...widerTags];
}

/** Makes tags of clusters, with parents, names, terms and the ids of previous tags. Also returns the tags that it missed. */
export function describeTags(
  snapshot: Snapshot,
  prepared: Prepared,
  found: Clustered,
  previous: Artifact | undefined,
): { readonly learned: LearnedTags; readonly missed: readonly MissedTag[] } {
  const clustered = inOrderOfSize(found);
  const { k, labels } = clustered;
  const hierarchy = hierarchyOf(prepared.items, clustered);
  const { leaves, wider } = hierarchy;
  const reusable = previousTags(previous);
  const ids = idsOf(snapshot, labels, hierarchy, reusable);
  const words = wordsOfClusters(prepared, clustered, leaves.sizes);
  const shopLabels = countLabels(snapshot.documents ?? [], labels, k);
  const learned = {
    tags: tagsOf(words, hierarchy, ids, shopLabels),
    leaves: k,
    terms: prepared.reading.table,
    termTags: centredLogs(clustered.evidence, k),
    vectors: prepared.vectors,
    productTags: clustered.productTags,
    productWeights: clustered.productWeights,
    similarity: similarityOf(leaves, wider),
  };
  return { learned, missed: missedTags(reusable, [...ids.leafIds, ...ids.widerIds]) };
}
