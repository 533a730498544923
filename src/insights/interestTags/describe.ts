import type { Artifact } from '../../artifact/artifact';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Centres, cosinesOf, groupCentres } from './centres';
import { knownTags, type RestingTag, restingTags } from './knownTags';
import { countLabels, type NameLanguage } from './labels';
import { type Clustered, centredLogs, centresOfGroups, type Prepared } from './learn';
import type { LearnedTags } from './learned';
import { joinNames, type Nameless, nameTags } from './names';
import type { InterestTag, TagNames } from './reading';
import { stableIds, type TagProducts } from './stableIds';
import { isNameable, type TermCounts, tellingTerms } from './telling';

/** Terms kept of a tag. */
const mostTerms = 12;

/** Products of each group by their strongest tag. */
function productsByGroup(
  labels: Int32Array,
  groups: number,
  idOf: (row: number) => string,
): readonly TagProducts[] {
  const sets = Array.from({ length: groups }, () => new Set<string>());
  for (const [row, label] of labels.entries()) if (label >= 0) sets[label].add(idOf(row));
  return sets.map(products => ({ products }));
}

/** What naming and telling start from. */
interface Words {
  readonly counts: TermCounts;
  readonly nameable: Uint8Array;
}

function wordsOfClusters({ reading }: Prepared, { held, evidence, k }: Clustered, sizes: Uint32Array): Words {
  const { table } = reading;
  const counts = { table, held, sizes: Float64Array.from(sizes), specificity: evidence.specificity };
  const nameable = Uint8Array.from(table.terms, term => Number(isNameable(term, table)));
  return { counts: { ...counts, sizes: counts.sizes.subarray(0, k) }, nameable };
}

const terms = ({ counts, nameable }: Words, cluster: number, language: NameLanguage | null) =>
  tellingTerms(counts, nameable, cluster, language, mostTerms);

/** The two languages' most telling terms by turns of weight, as a tag shows them. */
function namesOfLeaves(
  words: Words,
  labels: ReturnType<typeof countLabels>,
  sizes: Uint32Array,
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): readonly TagNames[] {
  const nameless: readonly Nameless[] = Array.from(sizes, (products, cluster) => ({
    group: [cluster],
    products,
    terms: { en: terms(words, cluster, 'en'), zh: terms(words, cluster, 'zh') },
  }));
  return nameTags(nameless, labels, taken);
}

/** Names of wider tags: a label that fits, else their largest children's. */
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

/** Cosines of tags: of leaves among each other, and of wider ones among each other. */
function likenessOf(leaves: Centres, wider: Centres): Float32Array {
  const [own, above] = [leaves.sizes.length, wider.sizes.length];
  const count = own + above;
  const [a, b] = [cosinesOf(leaves), cosinesOf(wider)];
  return Float32Array.from({ length: count * count }, (_, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    if (i < own && j < own) return a[i * own + j];
    return i >= own && j >= own ? b[(i - own) * above + j - own] : 0;
  });
}

/** Largest first, so that the numbers of tags say something. */
function inOrderOfSize(clustered: Clustered): Clustered {
  const { k, labels, productTags, evidence, held } = clustered;
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
  const rows = held.length / k;
  return {
    ...clustered,
    k: columns,
    labels: labels.map(label => (label < 0 ? -1 : place[label])),
    productTags: productTags.map(tag => (tag < 0 ? -1 : place[tag])),
    evidence: { ...evidence, logs: pick(evidence.logs, new Float32Array(rows * columns)) },
    held: pick(held, new Float64Array(rows * columns)),
  };
}

/** Leaf tags, the groups that they form, and the wider tags made of these groups. */
interface TagTree {
  readonly leaves: Centres;
  /** Group of each leaf; -1 when it is in none. */
  readonly groups: Int32Array;
  readonly wider: Centres;
  /** Leaf of each product by its row; -1 when it has none. */
  readonly labels: Int32Array;
  /** Group of each product by its row; -1 when it has none. */
  readonly groupLabels: Int32Array;
}

function treeOf({ things }: Prepared, { k, labels }: Clustered): TagTree {
  const leaves = centresOfGroups(things, labels, k);
  const groups = groupCentres(leaves);
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const groupLabels = labels.map(label => (label < 0 ? -1 : groups[label]));
  return { leaves, groups, wider: centresOfGroups(things, groupLabels, count), labels, groupLabels };
}

/** Ids of the leaves and of the wider tags: those of the previous artifact where the products agree, else new ones. */
function idsOfTree(
  { leaves, wider, labels, groupLabels }: TagTree,
  snapshot: Snapshot,
  known: readonly RestingTag[],
) {
  const taken = new Set(known.map(({ id }) => id));
  const idOf = (row: number): string => snapshot.products.idOf(row);
  const [knownLeaves, knownWider] = [false, true].map(wanted => known.filter(tag => tag.isWider === wanted));
  return {
    leafIds: stableIds(productsByGroup(labels, leaves.sizes.length, idOf), knownLeaves, taken),
    widerIds: stableIds(productsByGroup(groupLabels, wider.sizes.length, idOf), knownWider, taken),
  };
}

/** Names of the leaves and of the wider tags, all different. */
function namesOfTree({ leaves, groups, wider, labels }: TagTree, words: Words, snapshot: Snapshot) {
  const shopLabels = countLabels(snapshot.documents ?? [], labels, leaves.sizes.length);
  const taken = { en: new Set<string>(), zh: new Set<string>() };
  const leafNames = namesOfLeaves(words, shopLabels, leaves.sizes, taken);
  const widerNames = namesOfWider(groups, wider.sizes.length, leafNames, leaves.sizes, shopLabels, taken);
  return { leafNames, widerNames };
}

const sizeOf = ({ sizes, cohesion }: Centres, at: number): Pick<InterestTag, 'products' | 'cohesion'> => ({
  products: sizes[at],
  cohesion: cohesion[at],
});

/**
 * Returns the clusters as tags, with parents, names, terms and ids that are stable between trainings; and the tags of the
 * previous artifact that no cluster continues.
 */
export function describeTags(
  snapshot: Snapshot,
  prepared: Prepared,
  found: Clustered,
  previous: Artifact | undefined,
): { readonly learned: LearnedTags; readonly resting: readonly RestingTag[] } {
  const clustered = inOrderOfSize(found);
  const tree = treeOf(prepared, clustered);
  const { leaves, groups, wider } = tree;
  const words = wordsOfClusters(prepared, clustered, leaves.sizes);
  const { leafNames, widerNames } = namesOfTree(tree, words, snapshot);
  const known = knownTags(previous);
  const { leafIds, widerIds } = idsOfTree(tree, snapshot, known);
  const leafTags = leafIds.map((id, at) => ({
    id,
    parentId: groups[at] < 0 ? null : widerIds[groups[at]],
    names: leafNames[at],
    ...sizeOf(leaves, at),
    terms: terms(words, at, null).map(({ term }) => term),
  }));
  const widerTags = widerIds.map((id, at) => ({
    id,
    parentId: null,
    names: widerNames[at],
    ...sizeOf(wider, at),
    terms: leafTags
      .filter((_, leaf) => groups[leaf] === at)
      .flatMap(tag => tag.terms.slice(0, 4))
      .slice(0, mostTerms),
  }));
  const learned = {
    tags: [...leafTags, ...widerTags],
    leaves: clustered.k,
    terms: prepared.reading.table,
    termTags: centredLogs(clustered.evidence, clustered.k),
    vectors: prepared.vectors,
    productTags: clustered.productTags,
    productWeights: clustered.productWeights,
    likeness: likenessOf(leaves, wider),
  };
  return { learned, resting: restingTags(known, [...leafIds, ...widerIds]) };
}
