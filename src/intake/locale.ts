import type { Fields } from './fields';

const longestTag = 64;

/** Returns the canonical form of a BCP 47 tag (`zh-cn` → `zh-CN`), or null for text that is not a tag. */
export function canonicalLocale(tag: string): string | null {
  if (tag.length > longestTag) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Reads a locale field in canonical form; null when absent or null. */
export function readLocale(fields: Fields, field: string): string | null {
  const tag = fields.text(field, 1_000);
  if (tag === null) return null;
  const remedy = 'Send one such as en, zh-CN or pt-BR.';
  return canonicalLocale(tag) ?? fields.fail('LOCALE_INVALID', field, 'a BCP 47 language tag', remedy);
}
