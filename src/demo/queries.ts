import type { Rng } from '../numeric/rng';
import type { Kind } from './catalogue';
import { pick } from './draws';
import { fill, type Language } from './words';

const patterns: Readonly<Record<Language, readonly string[]>> = {
  en: [
    '{kind}',
    '{kind}',
    '{feature} {kind}',
    '{feature} {kind}',
    'best {kind}',
    'good cheap {kind}',
    '{kind} for beginners',
    '{kind} gift',
    '{option} {kind}',
  ],
  zh: [
    '{kind}',
    '{kind}',
    '{feature}{kind}',
    '{feature} {kind}',
    '{kind}推荐',
    '平价{kind}',
    '新手{kind}',
    '{kind} 送礼',
    '{kind} {option}',
  ],
};

/** Draws a search query for a kind of product, in a shopper's language. */
export function queryFor(rng: Rng, kind: Kind, language: Language): string {
  return fill(pick(rng, patterns[language]), {
    kind: kind.name[language],
    feature: pick(rng, kind.features)[language],
    option: pick(rng, kind.options)[language],
  });
}
