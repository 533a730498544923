import type { ProductDocument } from '../../snapshot/snapshot';

/** Languages of names, recognised by script. */
export type NameLanguage = 'en' | 'zh';

/** Returns the language of a short text by its script: Chinese with Han characters, else English with Latin letters, else null. */
export function languageOf(text: string): NameLanguage | null {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{Script=Latin}{2}/u.test(text) ? 'en' : null;
}

/** Returns a product's categories, tags and values of attributes as the shop writes them, each once. */
function labelsOf({ categoryPath, features }: ProductDocument): ReadonlySet<string> {
  const values = features.map(feature => feature.slice(feature.indexOf('=') + 1));
  return new Set([...categoryPath, ...values].map(label => label.trim()));
}

const flags = new Set(['true', 'false', 'yes', 'no', 'none', 'other', 'others', 'default']);

/** How many products have a label, in all and by cluster. */
export interface LabelCounts {
  readonly language: NameLanguage;
  readonly total: number;
  readonly ofCluster: Uint32Array;
}

/** Counts the products of every label by cluster. */
export function countLabels(
  documents: readonly (ProductDocument | null)[],
  labels: Int32Array,
  clusters: number,
): ReadonlyMap<string, LabelCounts> {
  const counts = new Map<string, { language: NameLanguage; total: number; ofCluster: Uint32Array }>();
  for (const [row, document] of documents.entries()) {
    if (document === null || labels[row] < 0) continue;
    for (const label of labelsOf(document)) {
      const language = languageOf(label);
      if (language === null || flags.has(label.toLowerCase())) continue;
      const found = counts.get(label) ?? { language, total: 0, ofCluster: new Uint32Array(clusters) };
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
