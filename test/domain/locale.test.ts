import { canonicalLocale, negotiateLocales } from '../../src/domain/locale';

describe('negotiateLocales', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['zh-TW', ['en', 'zh-CN', 'zh-Hant', 'zh-TW'], ['zh-TW', 'zh-Hant', 'zh-CN']],
    ['zh-Hant-TW', ['zh', 'zh-HK', 'zh-TW'], ['zh-TW', 'zh-HK', 'zh']],
    ['zh-hk', ['zh-CN', 'zh-TW', 'zh-Hant'], ['zh-Hant', 'zh-TW', 'zh-CN']],
    ['zh', ['zh-TW', 'zh-SG', 'zh-CN', 'zh-Hans'], ['zh-CN', 'zh-Hans', 'zh-SG', 'zh-TW']],
    ['ZH-cn', ['zh-CN', 'zh'], ['zh-CN', 'zh']],
    ['pt-AO', ['pt-BR', 'pt', 'pt-PT'], ['pt', 'pt-BR', 'pt-PT']],
    ['sr-Latn', ['sr', 'sr-Cyrl-RS', 'sr-Latn-RS'], ['sr-Latn-RS', 'sr', 'sr-Cyrl-RS']],
    ['EN_us', ['en', 'en_GB'], ['en', 'en_GB']],
    ['en-US-x-private', ['en-GB'], ['en-GB']],
    ['iw', ['he', 'en'], ['he']],
    ['tlh', ['en', 'fr'], []],
    ['constructor', ['en'], []],
    ['toString', ['en'], []],
    ['__proto__', ['en'], []],
    ['', ['en'], []],
    ['en', ['', '__proto__', 'constructor'], []],
    ['e'.repeat(1000), ['en'], []],
  ])('for %s among %j', (wanted, available, negotiated) => {
    expect(negotiateLocales(wanted, available)).toEqual(negotiated);
    expect(negotiateLocales(wanted, [...available].reverse())).toEqual(negotiated);
  });
});

test.each([
  ['zh-cn', 'zh-CN'],
  ['ZH-HANT-tw', 'zh-Hant-TW'],
  ['en_US', null],
  ['constructor', null],
])('the canonical form of %s is %s', (tag, canonical) => {
  expect(canonicalLocale(tag)).toBe(canonical);
});
