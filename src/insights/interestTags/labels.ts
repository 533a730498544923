import type { ProductDocument } from '../../snapshot/snapshot';
import { termsOfTexts } from './terms';

/** Languages of names, recognised by script. */
export type NameLanguage = 'en' | 'zh';

/** Returns the language of a short text by its script: Chinese with Han characters, else English with Latin letters, else null. */
export function languageOf(text: string): NameLanguage | null {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{Script=Latin}{2}/u.test(text) ? 'en' : null;
}

/** Returns a product's categories, tags and values of attributes as the shop writes them, each once; and whether each is a category. */
function labelsOf({ categoryPath, features }: ProductDocument): ReadonlyMap<string, boolean> {
  const values = features.map(feature => feature.slice(feature.indexOf('=') + 1));
  return new Map([
    ...values.map(label => [label.trim(), false] as const),
    ...categoryPath.map(label => [label.trim(), true] as const),
  ]);
}

const flags = new Set(['true', 'false', 'yes', 'no', 'none', 'other', 'others', 'default']);

/** How many products have a label, in all and by cluster. */
export interface LabelCounts {
  readonly language: NameLanguage;
  readonly total: number;
  readonly ofCluster: Uint32Array;
  /** Whether the shop has a category of this name. */
  readonly isCategory: boolean;
}

/** Returns the language of a label that can be a name: not a number, a size, a colour or a flag. Else null. */
function languageOfLabel(label: string): NameLanguage | null {
  return flags.has(label.toLowerCase()) || termsOfTexts([label]).length === 0 ? null : languageOf(label);
}

/** Counts the products of every label by cluster. */
export function countLabels(
  documents: readonly (ProductDocument | null)[],
  labels: Int32Array,
  clusters: number,
): ReadonlyMap<string, LabelCounts> {
  const counts = new Map<string, LabelCounts & { total: number }>();
  const languages = new Map<string, NameLanguage | null>();
  for (const [row, document] of documents.entries()) {
    if (document === null || labels[row] < 0) continue;
    for (const [label, isCategory] of labelsOf(document)) {
      const language = languages.get(label) ?? languageOfLabel(label);
      languages.set(label, language);
      if (language === null) continue;
      const found = counts.get(label) ?? {
        language,
        total: 0,
        ofCluster: new Uint32Array(clusters),
        isCategory,
      };
      counts.set(label, found);
      found.total++;
      found.ofCluster[labels[row]]++;
    }
  }
  return counts;
}

/** Least share of a group's products that have the label. */
const minCovered = 0.6;
/** Least share of the label's products that are in the group. */
const minOwn = 0.5;

/**
 * Returns the labels that fit a group of clusters, best first: most of the group's products have them, and most products
 * with them are in the group. Ordered by the harmonic mean of the two shares, then by code units.
 *
 * @param products - number of described products in the group
 */
export function fittingLabels(
  counts: ReadonlyMap<string, LabelCounts>,
  group: readonly number[],
  products: number,
  language: NameLanguage,
): readonly string[] {
  const fits: (readonly [string, number])[] = [];
  for (const [label, { language: own, total, ofCluster }] of counts) {
    if (own !== language) continue;
    const shared = group.reduce((sum, cluster) => sum + ofCluster[cluster], 0);
    if (shared < minCovered * products || shared < minOwn * total) continue;
    fits.push([label, (2 * shared) / (products + total)]);
  }
  return fits.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
}

/** Labels joined in one name have at least these shares of the group's products: each, and together. */
const minJoinedEach = 0.1;
const minJoined = 0.3;

/** Two labels in one name, and the share of the group's products that have one of them. */
export interface JoinedLabels {
  readonly name: string;
  readonly share: number;
}

/**
 * Returns the two labels that say most of what is in a group of clusters, joined: most products with them are in the group,
 * though no single one fits. Undefined where they say too little.
 */
export function joinedLabels(
  counts: ReadonlyMap<string, LabelCounts>,
  group: readonly number[],
  products: number,
  language: NameLanguage,
): JoinedLabels | undefined {
  const own: (readonly [string, number])[] = [];
  for (const [label, { language: of, total, ofCluster }] of counts) {
    if (of !== language) continue;
    const shared = group.reduce((sum, cluster) => sum + ofCluster[cluster], 0);
    if (shared >= minJoinedEach * products && shared >= minOwn * total) own.push([label, shared]);
  }
  own.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const [first] = own;
  const second = first && own.find(([label]) => !first[0].includes(label) && !label.includes(first[0]));
  if (!second || first[1] + second[1] < minJoined * products) return undefined;
  return { name: `${first[0]} · ${second[0]}`, share: (first[1] + second[1]) / Math.max(1, products) };
}
