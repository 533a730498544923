import type { CharacteristicTerm } from './characteristicTerms';
import {
  fittingLabels,
  type JoinedLabels,
  joinedLabels,
  type LabelCounts,
  languageOf,
  type NameLanguage,
} from './labels';
import type { TagNames } from './reading';

/** A term in a smaller share of the tag's texts is not a name on its own: it is joined with the next. */
const minShareAlone = 0.3;
const languages: readonly NameLanguage[] = ['en', 'zh'];

/** Joined labels of so many of the tag's products go before such a term. */
const minShareOfLabels = 0.6;
/** A Latin word with fewer letters, or without a vowel, is an abbreviation, and no name while there is another one. */
const minWordLength = 3;
const vowel = /[aeiouyæøœ]/;

const isWritten = (word: string): boolean =>
  word.length >= minWordLength && vowel.test(word.normalize('NFD').toLowerCase());

/** Returns possible names of a tag in one language, best first. */
function candidates(
  labels: readonly string[],
  joined: JoinedLabels | undefined,
  terms: readonly CharacteristicTerm[],
  shared: string | undefined,
): readonly string[] {
  const isReadable = (term: string): boolean => languageOf(term) === 'zh' || term.split(' ').every(isWritten);
  const readable = [
    ...terms.filter(({ term }) => isReadable(term)),
    ...terms.filter(({ term }) => !isReadable(term)),
  ];
  const clear = shared !== undefined && isReadable(shared) ? shared : undefined;
  const [first, second] = readable;
  const pair = first && second && first.share < minShareAlone ? `${first.term} · ${second.term}` : undefined;
  const isWide = joined !== undefined && joined.share >= minShareOfLabels;
  const best = isWide ? [joined.name, clear, pair] : [clear, joined?.name, pair];
  return [...labels, ...best.filter(name => name !== undefined), ...readable.map(({ term }) => term)];
}

/** Returns the first unused name, else the best one with a number; undefined without names. */
function chooseName(names: readonly string[], taken: Set<string>): string | undefined {
  const free = names.find(name => !taken.has(name.toLowerCase()));
  let chosen = free;
  for (let number = 2; chosen === undefined && names.length > 0; number++) {
    const numbered = `${names[0]} ${number}`;
    if (!taken.has(numbered.toLowerCase())) chosen = numbered;
  }
  if (chosen !== undefined) taken.add(chosen.toLowerCase());
  return chosen;
}

/** A tag gets a name in a language when its best term is in at least this share of its texts. */
const minTermShare = 0.1;

/** Returns the languages to name a tag in: those with a label or a term that is not rare; both where there is none. */
function languagesToName(
  labels: Readonly<Record<NameLanguage, readonly string[]>>,
  terms: Readonly<Record<NameLanguage, readonly CharacteristicTerm[]>>,
): readonly NameLanguage[] {
  const found = languages.filter(
    language => labels[language].length > 0 || terms[language].some(({ share }) => share >= minTermShare),
  );
  return found.length > 0 ? found : languages;
}

/** A tag without names. */
export interface UnnamedTag {
  /** Clusters it is made of. */
  readonly group: readonly number[];
  /** Described products in it. */
  readonly products: number;
  /** Most characteristic terms by language, best first. */
  readonly terms: Readonly<Record<NameLanguage, readonly CharacteristicTerm[]>>;
  /** What most of its products share, by language. */
  readonly shared: Readonly<Record<NameLanguage, string | undefined>>;
}

/**
 * Names tags, largest first: with the shop's own category or label where one fits, else with the most characteristic
 * terms. A language without either is left out; a tag without any word gets its number.
 *
 * @param taken - names in use, in lower case, by language; the new names are added
 * @returns names in the order of `tags`
 */
export function nameTags(
  tags: readonly UnnamedTag[],
  labels: ReadonlyMap<string, LabelCounts>,
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): readonly TagNames[] {
  const names: TagNames[] = tags.map(() => ({}));
  const order = [...tags.keys()].sort((a, b) => tags[b].products - tags[a].products || a - b);
  for (const at of order) {
    const { group, products, terms, shared } = tags[at];
    const fitting = {
      en: fittingLabels(labels, group, products, 'en'),
      zh: fittingLabels(labels, group, products, 'zh'),
    };
    const found = languagesToName(fitting, terms).flatMap(language => {
      const joined = joinedLabels(labels, group, products, language);
      const name = chooseName(
        candidates(fitting[language], joined, terms[language], shared[language]),
        taken[language],
      );
      return name === undefined ? [] : [[language, name] as const];
    });
    names[at] = found.length > 0 ? Object.fromEntries(found) : { en: `tag ${at + 1}` };
  }
  return names;
}

/** Returns the names that are free, else with a number; adds them to those taken. */
export function freeNames(names: TagNames, taken: Readonly<Record<NameLanguage, Set<string>>>): TagNames {
  const found = languages.flatMap(language => {
    const own = names[language];
    const name = chooseName(own === undefined ? [] : [own], taken[language]);
    return name === undefined ? [] : [[language, name] as const];
  });
  return Object.fromEntries(found);
}
