import { canonicalLocale } from '../domain/locale';
import type { Fields } from './fields';

/** Reads a locale field in canonical form; null when absent or null. */
export function readLocale(fields: Fields, field: string): string | null {
  const tag = fields.text(field, 1_000);
  if (tag === null) return null;
  const remedy = 'Send one such as en, zh-CN or pt-BR.';
  return canonicalLocale(tag) ?? fields.fail('LOCALE_INVALID', field, 'a BCP 47 language tag', remedy);
}
