import type { Artifact } from '../../artifact/artifact';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Centres, cosinesOf } from './centres';
import { type Clustered, centredLogs, centresOfGroups, type Prepared } from './learn';
import type { LearnedTags } from './learned';
import { type Naming, nameClusters } from './naming';
import type { Parent } from './parents';
import { type MissedTag, missedTags, previousTags } from './previousTags';
import type { InterestTag } from './reading';
import { stableIds, type TagProducts } from './stableIds';

/** Most terms per wider tag, and those that it takes from each of its children. */
const maxTermsPerParent = 12;
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
  const { k, labels, unitLabels, productTags, evidence, textCounts } = clustered;
  const sizes = new Uint32Array(k);
  for (const label of labels) if (label >= 0) sizes[label]++;
  const order = [...sizes.keys()].sort((a, b) => sizes[b] - sizes[a] || a - b).filter(tag => sizes[tag] > 0);
  const place = Int32Array.from(sizes, (_, tag) => order.indexOf(tag));
  const placeOf = (tag: number): number => (tag < 0 ? -1 : place[tag]);
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
    labels: labels.map(placeOf),
    unitLabels: unitLabels.map(placeOf),
    productTags: productTags.map(placeOf),
    evidence: { ...evidence, logs: pick(evidence.logs, new Float32Array(rows * columns)) },
    textCounts: pick(textCounts, new Float64Array(rows * columns)),
  };
}

/** Tags with and without children: their centres, and the parent of each leaf, -1 for none. */
interface Hierarchy {
  readonly leaves: Centres;
  readonly wider: Centres;
  readonly groups: Int32Array;
  /** Wider tag of each product; -1 for none. */
  readonly groupLabels: Int32Array;
}

function hierarchyOf(
  items: Prepared['items'],
  { labels, unitLabels }: Clustered,
  leaves: Centres,
  parents: readonly Parent[],
): Hierarchy {
  const groups = new Int32Array(leaves.sizes.length).fill(-1);
  for (const [parent, { children }] of parents.entries()) for (const leaf of children) groups[leaf] = parent;
  const groupOf = (label: number): number => (label < 0 ? -1 : groups[label]);
  const wider = centresOfGroups(items, unitLabels.map(groupOf), parents.length);
  return { leaves, wider, groups, groupLabels: labels.map(groupOf) };
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
  { names, terms, write, parents }: Naming,
  { leaves, wider, groups }: Hierarchy,
  { leafIds, widerIds }: ReturnType<typeof idsOf>,
): readonly InterestTag[] {
  const leafTags = leafIds.map((id, at) => ({
    id,
    parentId: groups[at] < 0 ? null : widerIds[groups[at]],
    names: names[at],
    products: leaves.sizes[at],
    cohesion: leaves.cohesion[at],
    terms: terms[at].map(write),
  }));
  const widerTags = widerIds.map((id, at) => ({
    id,
    parentId: null,
    names: parents[at].names,
    products: wider.sizes[at],
    cohesion: wider.cohesion[at],
    terms: parents[at].children
      .flatMap(leaf => leafTags[leaf].terms.slice(0, termsPerChild))
      .slice(0, maxTermsPerParent),
  }));
  return [...leafTags, ...widerTags];
}

/** What was learned, and what the verdict needs of it. */
export interface Described {
  readonly learned: LearnedTags;
  /** Tags of earlier trainings that it missed. */
  readonly missed: readonly MissedTag[];
  /** Terms of each tag without children, as they are in the table. */
  readonly terms: readonly (readonly string[])[];
}

/** Makes tags of clusters, with parents, names, terms and the ids of previous tags. */
export function describeTags(
  snapshot: Snapshot,
  prepared: Prepared,
  found: Clustered,
  previous: Artifact | undefined,
): Described {
  const clustered = inOrderOfSize(found);
  const { k, labels, unitLabels } = clustered;
  const leaves = centresOfGroups(prepared.items, unitLabels, k);
  const naming = nameClusters(snapshot.documents ?? [], prepared, clustered, leaves.sizes);
  const hierarchy = hierarchyOf(prepared.items, clustered, leaves, naming.parents);
  const reusable = previousTags(previous);
  const ids = idsOf(snapshot, labels, hierarchy, reusable);
  const learned = {
    tags: tagsOf(naming, hierarchy, ids),
    leaves: k,
    terms: prepared.reading.table,
    termTags: centredLogs(clustered.evidence, prepared.termWeights, k),
    vectors: prepared.vectors,
    productTags: clustered.productTags,
    productWeights: clustered.productWeights,
    similarity: similarityOf(leaves, hierarchy.wider),
  };
  return {
    learned,
    missed: missedTags(reusable, [...ids.leafIds, ...ids.widerIds]),
    terms: naming.terms,
  };
}
