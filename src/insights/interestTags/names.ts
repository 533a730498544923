import { fittingLabels, type LabelCounts, type NameLanguage } from './labels';
import type { TagNames } from './reading';
import type { TellingTerm } from './telling';

/** A term that fewer of the tag's texts hold is not enough of a name: the next stands beside it. */
const enough = 0.3;
/** Terms and labels to choose from when the first are taken. */
const languages: readonly NameLanguage[] = ['en', 'zh'];

/** What a tag can be called in one language, best first. */
function candidates(labels: readonly string[], terms: readonly TellingTerm[]): readonly string[] {
  const [first, second] = terms;
  const pair = first && second && first.share < enough ? [`${first.term}·${second.term}`] : [];
  return [...labels, ...pair, ...terms.map(({ term }) => term)];
}

/** The first name nobody has; else the best with a number. */
function choose(names: readonly string[], taken: Set<string>): string | undefined {
  const free = names.find(name => !taken.has(name.toLowerCase()));
  let chosen = free;
  for (let number = 2; chosen === undefined && names.length > 0; number++) {
    const numbered = `${names[0]} ${number}`;
    if (!taken.has(numbered.toLowerCase())) chosen = numbered;
  }
  if (chosen !== undefined) taken.add(chosen.toLowerCase());
  return chosen;
}

/** Texts of a tag that must hold its best term for the language to be one it is spoken of in. */
const leastSpoken = 0.1;

/** Languages to name a tag in: those with a label or a term that is not rare; where there is none, both. */
function spoken(
  labels: Readonly<Record<NameLanguage, readonly string[]>>,
  terms: Readonly<Record<NameLanguage, readonly TellingTerm[]>>,
): readonly NameLanguage[] {
  const found = languages.filter(
    language => labels[language].length > 0 || terms[language].some(({ share }) => share >= leastSpoken),
  );
  return found.length > 0 ? found : languages;
}

/** A tag that wants a name. */
export interface Nameless {
  /** Clusters it is made of. */
  readonly group: readonly number[];
  /** Described products in it. */
  readonly products: number;
  /** Most telling terms by language. */
  readonly terms: Readonly<Record<NameLanguage, readonly TellingTerm[]>>;
}

/**
 * Names for tags, the largest first to choose: the shop's own category or label where one fits, else the most telling
 * terms. A language without either is left out; a tag without any word is called by its number.
 *
 * @param tags - in any order; answers in the same
 * @param taken - names that are gone, in lower case, for each language; names given are added
 */
export function nameTags(
  tags: readonly Nameless[],
  labels: ReadonlyMap<string, LabelCounts>,
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): readonly TagNames[] {
  const names: TagNames[] = tags.map(() => ({}));
  const order = [...tags.keys()].sort((a, b) => tags[b].products - tags[a].products || a - b);
  for (const at of order) {
    const { group, products, terms } = tags[at];
    const fitting = {
      en: fittingLabels(labels, group, products, 'en'),
      zh: fittingLabels(labels, group, products, 'zh'),
    };
    const found = spoken(fitting, terms).flatMap(language => {
      const name = choose(candidates(fitting[language], terms[language]), taken[language]);
      return name === undefined ? [] : [[language, name] as const];
    });
    names[at] = found.length > 0 ? Object.fromEntries(found) : { en: `tag ${at + 1}` };
  }
  return names;
}

/** A name for what holds several tags, where no label fits: those of its two largest. */
export function joinNames(
  children: readonly TagNames[],
  taken: Readonly<Record<NameLanguage, Set<string>>>,
): TagNames {
  const found = languages.flatMap(language => {
    const own = children.flatMap(names => names[language] ?? []).slice(0, 2);
    const name = choose(own.length > 0 ? [own.join(' / ')] : [], taken[language]);
    return name === undefined ? [] : [[language, name] as const];
  });
  return Object.fromEntries(found);
}
