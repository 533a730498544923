// Names and terms of tags.

import type { ProductDocument } from '../../snapshot/snapshot';
import {
  type CharacteristicTerm,
  characteristicTerms,
  isNameable,
  sharedTerm,
  type TermCounts,
} from './characteristicTerms';
import { countLabels, languageOf, type NameLanguage } from './labels';
import type { Clustered, Prepared } from './learn';
import { freeNames, nameTags, type UnnamedTag } from './names';
import { type Parent, parentsOf, type Shared } from './parents';
import type { TagNames } from './reading';
import { createSurfaceForms } from './surfaceForms';
import { categoryOfTerm, isCategoryTerm } from './terms';

/** Most terms per tag. */
const maxTermsPerTag = 12;
/** Categories in the name of a tag without words. */
const categoriesPerName = 2;
/** Most products whose texts are read to learn how words are written. */
const maxRead = 20_000;

/** Names and terms of tags, and their parents. */
export interface Naming {
  /** By tag. */
  readonly names: readonly TagNames[];
  /** Most characteristic terms of each tag, as they are in the table: categories where a tag has no words. */
  readonly terms: readonly (readonly string[])[];
  /** Writes a term as people do. */
  readonly write: (term: string) => string;
  /** Largest first. */
  readonly parents: readonly Parent[];
}

/** Term counts of clusters, and which terms names may use. */
interface Words {
  readonly counts: TermCounts;
  readonly nameable: Uint8Array;
}

function wordsOfClusters(
  { reading }: Prepared,
  { textCounts, evidence }: Clustered,
  sizes: Uint32Array,
): Words {
  const { table } = reading;
  const counts = { table, textCounts, sizes: Float64Array.from(sizes), specificity: evidence.specificity };
  return { counts, nameable: Uint8Array.from(table.terms, term => Number(isNameable(term, table))) };
}

const termsIn = ({ counts, nameable }: Words, cluster: number, language: NameLanguage | null) =>
  characteristicTerms(counts, nameable, cluster, language, maxTermsPerTag);

/** Returns the terms of each tag: words, else the categories that characterise it. */
function termsOfTags(words: Words): readonly (readonly string[])[] {
  const { table } = words.counts;
  const categories = {
    ...words,
    nameable: Uint8Array.from(table.terms, term => Number(isCategoryTerm(term))),
  };
  return Array.from(words.counts.sizes, (_, tag) => {
    const own = termsIn(words, tag, null);
    return (own.length > 0 ? own : termsIn(categories, tag, null)).map(({ term }) => term);
  });
}

/** Returns the names of a tag whose products have no words but categories. */
function namesByCategory(terms: readonly string[]): TagNames | undefined {
  const categories = terms.filter(isCategoryTerm).slice(0, categoriesPerName).map(categoryOfTerm);
  if (categories.length === 0) return undefined;
  return { en: `Categories ${categories.join(', ')}`, zh: `类目 ${categories.join('、')}` };
}

/** Texts that show how words are written: the headings of some products, and their descriptions where they have none. */
function* textsOf(documents: readonly (ProductDocument | null)[]): Generator<string> {
  const step = Math.ceil(documents.length / maxRead);
  for (let row = 0; row < documents.length; row += step) {
    const document = documents[row];
    if (!document) continue;
    const { titles, categoryPath, features, descriptions } = document;
    const heading = [...titles, ...categoryPath, ...features];
    yield* heading.length > 0 ? heading : descriptions;
  }
}

/** Returns what parents can be named after: labels, and terms. */
function sharedBy(
  { counts, nameable }: Words,
  labels: ReturnType<typeof countLabels>,
  write: (term: string) => string,
): readonly Shared[] {
  const { table, textCounts, sizes } = counts;
  const clusters = sizes.length;
  const shared: Shared[] = [...labels].map(([name, counted]) => ({ name, ...counted }));
  for (const [row, term] of table.terms.entries()) {
    const language = nameable[row] === 0 ? null : languageOf(term);
    if (language === null) continue;
    const ofCluster = textCounts.subarray(row * clusters, (row + 1) * clusters);
    const total = ofCluster.reduce((sum, count) => sum + count, 0);
    shared.push({ name: write(term), language, total, ofCluster, isCategory: false });
  }
  return shared;
}

/** Names tags and their parents. Parents come first, so that a child does not take its parent's name. */
export function nameClusters(
  documents: readonly (ProductDocument | null)[],
  prepared: Prepared,
  clustered: Clustered,
  sizes: Uint32Array,
): Naming {
  const words = wordsOfClusters(prepared, clustered, sizes);
  const { table } = prepared.reading;
  const labels = countLabels(documents, clustered.labels, clustered.k);
  const latin = createSurfaceForms(
    table.terms.filter((_, row) => words.nameable[row] === 1),
    textsOf(documents),
  );
  const write = (term: string): string => (isCategoryTerm(term) ? categoryOfTerm(term) : latin(term));
  const taken = { en: new Set<string>(), zh: new Set<string>() };
  const parents = parentsOf(sharedBy(words, labels, write), sizes).map(({ children, names }) => ({
    children,
    names: freeNames(names, taken),
  }));
  const written = (terms: readonly CharacteristicTerm[]) =>
    terms.map(one => ({ ...one, term: write(one.term) }));
  const sharedIn = (tag: number, language: NameLanguage): string | undefined => {
    const term = sharedTerm(words.counts, words.nameable, tag, language);
    return term === undefined ? undefined : write(term);
  };
  const unnamed: readonly UnnamedTag[] = Array.from(sizes, (products, tag) => ({
    group: [tag],
    products,
    terms: { en: written(termsIn(words, tag, 'en')), zh: written(termsIn(words, tag, 'zh')) },
    shared: { en: sharedIn(tag, 'en'), zh: sharedIn(tag, 'zh') },
  }));
  const terms = termsOfTags(words);
  const byWords = nameTags(unnamed, labels, taken);
  return { names: byWords.map((names, tag) => namesByCategory(terms[tag]) ?? names), terms, write, parents };
}
