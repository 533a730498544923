// Wider tags. Their children share what they are named after: a category, a label, or a word that most products of each child
// have. Children that share nothing have no parent.

import type { NameLanguage } from './labels';
import type { TagNames } from './reading';

/** Something that products have: a label or a term, and in how many products of each tag. */
export interface Shared {
  readonly name: string;
  readonly language: NameLanguage;
  /** Products that have it, in all and by tag. */
  readonly total: number;
  readonly ofCluster: ArrayLike<number>;
  /** Whether it is a category. */
  readonly isCategory: boolean;
}

/** A wider tag. */
export interface Parent {
  readonly children: readonly number[];
  readonly names: TagNames;
}

/** Least share of a child's products that have what the parent is named after. */
const minShare = 0.6;
/** Least share of the products that have it, which are in the children. */
const minOwn = 0.5;
/** What is not a category must be this many times as common in the children as in the shop: a brand of everything says nothing. */
const minLift = 2;

/** Returns the tags most of whose products have it. */
const childrenOf = ({ ofCluster }: Shared, sizes: ArrayLike<number>): readonly number[] =>
  Array.from({ length: sizes.length }, (_, tag) => tag).filter(
    tag => sizes[tag] > 0 && ofCluster[tag] >= minShare * sizes[tag],
  );

const sumOver = (tags: readonly number[], values: ArrayLike<number>): number =>
  tags.reduce((sum, tag) => sum + values[tag], 0);

/** Whether it tells these tags from the others. */
function tellsApart(shared: Shared, tags: readonly number[], sizes: ArrayLike<number>, all: number): boolean {
  const own = sumOver(tags, shared.ofCluster);
  if (own < minOwn * shared.total) return false;
  return shared.isCategory || own / sumOver(tags, sizes) >= minLift * (shared.total / all);
}

/** Returns the best name for the children in a language; undefined without one. */
function nameIn(
  language: NameLanguage,
  children: readonly number[],
  candidates: readonly Shared[],
  sizes: ArrayLike<number>,
): string | undefined {
  const products = sumOver(children, sizes);
  const all = sumOver([...Array.from({ length: sizes.length }).keys()], sizes);
  let best: { readonly name: string; readonly fit: number } | undefined;
  for (const shared of candidates) {
    if (shared.language !== language || !tellsApart(shared, children, sizes, all)) continue;
    if (children.some(tag => shared.ofCluster[tag] < minShare * sizes[tag])) continue;
    const fit = (2 * sumOver(children, shared.ofCluster)) / (products + shared.total);
    if (best === undefined || fit > best.fit) best = { name: shared.name, fit };
  }
  return best?.name;
}

/**
 * Returns the wider tags: what most products of at least two tags have, but not of all, the widest first. A tag has one
 * parent at most.
 *
 * @param sizes - products of each tag
 */
export function parentsOf(candidates: readonly Shared[], sizes: ArrayLike<number>): readonly Parent[] {
  const present = Array.from({ length: sizes.length }, (_, tag) => tag).filter(tag => sizes[tag] > 0);
  const all = sumOver(present, sizes);
  const groups = candidates
    .map(shared => ({ shared, children: childrenOf(shared, sizes) }))
    .filter(({ shared, children }) => children.length >= 2 && tellsApart(shared, children, sizes, all))
    .map(({ shared, children }) => ({ shared, children, products: sumOver(children, sizes) }))
    .sort(
      (a, b) =>
        Number(b.shared.isCategory) - Number(a.shared.isCategory) ||
        b.products - a.products ||
        a.shared.total - b.shared.total ||
        (a.shared.name < b.shared.name ? -1 : 1),
    );
  const free = new Set(present);
  const parents: Parent[] = [];
  for (const { shared, children } of groups) {
    const left = children.filter(tag => free.has(tag));
    if (left.length < 2 || left.length === present.length) continue;
    const [en, zh] = (['en', 'zh'] as const).map(language =>
      language === shared.language ? shared.name : nameIn(language, left, candidates, sizes),
    );
    for (const tag of left) free.delete(tag);
    parents.push({
      children: left,
      names: { ...(en !== undefined && { en }), ...(zh !== undefined && { zh }) },
    });
  }
  return parents.sort((a, b) => sumOver(b.children, sizes) - sumOver(a.children, sizes));
}
