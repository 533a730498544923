import type { ProductDocument } from '../../snapshot/snapshot';

/** Languages that names come in, told by script. */
export type NameLanguage = 'en' | 'zh';

/** The language of a short text by its script: Han makes it Chinese, Latin letters alone English; null for neither. */
export function languageOf(text: string): NameLanguage | null {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{Script=Latin}{2}/u.test(text) ? 'en' : null;
}

/** Categories and tags of a product as the shop writes them, each once. Of an attribute its value. */
function labelsOf({ categoryPath, features }: ProductDocument): ReadonlySet<string> {
  const values = features.map(feature => feature.slice(feature.indexOf('=') + 1));
  return new Set([...categoryPath, ...values].map(label => label.trim()));
}

const flags = new Set(['true', 'false', 'yes', 'no', 'none', 'other', 'others', 'default']);

/** How many products of each cluster carry a label. */
export interface LabelCounts {
  readonly language: NameLanguage;
  readonly total: number;
  readonly ofCluster: Uint32Array;
}

/** Counts every label over clusters. */
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

const leastCovered = 0.6;
const leastOwn = 0.5;

/**
 * Labels that fit a group of clusters, best first: most of the group's products carry them, and most that carry them are
 * of the group. By the harmonic mean of the two shares; of equals by code units.
 *
 * @param products - of the group, described
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
    if (shared < leastCovered * products || shared < leastOwn * total) continue;
    fits.push([label, (2 * shared) / (products + total)]);
  }
  return fits.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
}
