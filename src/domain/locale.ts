/** Maximum length of a tag, in UTF-16 code units. */
const maxTagLength = 64;
/** Expanded tags, cached: requests repeat them, and each costs microseconds to expand. */
const expanded = new Map<string, Intl.Locale | null>();
const maxExpanded = 1000;

/** Returns the canonical form of a BCP 47 tag (`zh-cn` → `zh-CN`), or null for text that is not a tag. */
export function canonicalLocale(tag: string): string | null {
  if (tag.length > maxTagLength) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Returns a tag with its likely script and region: `zh-TW` → `zh-Hant-TW`. Null for text that is not a tag. Some platforms
 * write `en_US`.
 */
function expand(tag: string): Intl.Locale | null {
  const known = expanded.get(tag);
  if (known !== undefined) return known;
  const canonical = canonicalLocale(tag.replaceAll('_', '-'));
  const locale = canonical === null ? null : new Intl.Locale(canonical).maximize();
  if (expanded.size >= maxExpanded) expanded.clear();
  expanded.set(tag, locale);
  return locale;
}

/** How well a text in a locale serves a reader of another, highest first. */
const fit = { exact: 5, expanded: 4, script: 3, otherRegion: 2, language: 1, none: 0 } as const;

/** @param tag - BCP 47 tag that is known to be valid */
const isWithoutRegion = (tag: string): boolean =>
  new Intl.Locale(tag.replaceAll('_', '-')).region === undefined;

function fitOf(wanted: string, available: string): number {
  if (wanted.toLowerCase() === available.toLowerCase()) return fit.exact;
  const [reader, text] = [expand(wanted), expand(available)];
  if (reader === null || text === null || reader.language !== text.language) return fit.none;
  if (reader.script !== text.script) return fit.language;
  if (reader.region === text.region) return fit.expanded;
  return isWithoutRegion(available) ? fit.script : fit.otherRegion;
}

/**
 * Returns the available locales in the wanted language, best first. The order is: the same tag (in any case), the same script
 * and region (`zh-Hant-TW` for `zh-TW`), the same script without a region, the same script with another region, another
 * script. Equally good ones are in the order of their tags. Empty for an unknown language, and for text that is not a tag.
 *
 * @param wanted - BCP 47 tag
 * @param available - BCP 47 tags
 */
export const negotiateLocales = (wanted: string, available: readonly string[]): readonly string[] =>
  available
    .map(tag => ({ tag, score: fitOf(wanted, tag) }))
    .filter(({ score }) => score > fit.none)
    .sort((a, b) => b.score - a.score || (a.tag < b.tag ? -1 : 1))
    .map(({ tag }) => tag);
