import type { InterestTag } from '../../insights/interestTags/reading';
import { adjustedRand } from '../../numeric/adjustedRand';
import { normalizedInformation, purityOf, vMeasureOf } from '../clusterings';
import { type Cost, roundedCost } from './cost';
import { rounded } from './rounded';
import { textTable } from './textTable';

/** A clustering of the products. */
export interface Clustering {
  /** Cluster of each product by its row; -1 where it has none. */
  readonly labels: Int32Array;
  readonly cost: Cost;
}

/** The report of one clustering: figures by name. */
export type TagsLine = Readonly<Record<string, unknown>>;

/**
 * Returns figures that compare a clustering with the categories, and with the same clustering from another seed. Only
 * products with a category are compared with categories; where there are none, these figures are left out. Products
 * without a cluster count as a cluster of their own.
 */
export function clusteringFigures({ labels, cost }: Clustering, again: Clustering, categories: Int32Array) {
  return {
    ...categoryFigures(labels, categories),
    stability: rounded(adjustedRand(labels, again.labels)),
    ...roundedCost(cost),
  };
}

function categoryFigures(all: Int32Array, categories: Int32Array) {
  const known = [...categories.keys()].filter(row => categories[row] >= 0);
  if (known.length === 0) return {};
  const labels = known.map(row => all[row]);
  const own = known.map(row => categories[row]);
  const { homogeneity, completeness, vMeasure } = vMeasureOf(labels, own);
  return {
    nmi: rounded(normalizedInformation(labels, own)),
    purity: rounded(purityOf(labels, own)),
    vMeasure: rounded(vMeasure),
    homogeneity: rounded(homogeneity),
    completeness: rounded(completeness),
    ari: rounded(adjustedRand(labels, own)),
  };
}

/** The name of a tag in every language that it has. */
export const tagName = ({ names }: InterestTag): string => [names.zh, names.en].filter(Boolean).join(' / ');

const columns = [
  'model',
  'tags',
  'nmi',
  'purity',
  'vMeasure',
  'coherence',
  'stability',
  'partStability',
  'seconds',
] as const;

/** Formats the main figures of all clusterings as a table. */
export const tagsTable = (lines: readonly TagsLine[]): string =>
  textTable([[...columns], ...lines.map(line => columns.map(column => String(line[column] ?? '–')))]);

/** Formats tags one per line: number of products, name, parent, and typical terms. @param parentOf - undefined for none */
export const tagsList = (
  tags: readonly InterestTag[],
  parentOf: (tag: InterestTag) => InterestTag | undefined,
): string =>
  tags
    .map(tag => {
      const parent = parentOf(tag);
      const within = parent === undefined ? '' : ` (${tagName(parent)})`;
      return `${String(tag.products).padStart(7)}  ${tagName(tag)}${within}: ${tag.terms.join(' ')}`;
    })
    .join('\n');
