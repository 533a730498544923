import { toShopId } from '../../src/domain/ids';
import { checkProduct } from '../../src/intake/product';

const context = { shopId: toShopId('s'), now: Date.UTC(2026, 6, 1) };

function codeOf(raw: unknown): string | null {
  const checked = checkProduct(raw, context);
  return checked.ok ? null : checked.rejection.code;
}

describe('checkProduct', () => {
  it('keeps absent fields absent and clears those that are null', () => {
    expect(
      checkProduct({ id: 'p', title: null, tags: null, isActive: null, stock: undefined }, context),
    ).toEqual({
      ok: true,
      row: { id: 'p', title: null, tags: [], isActive: true },
    });
  });

  it('keeps two languages, with their tags in canonical form', () => {
    const raw = { id: 'p', title: '杯子', locale: 'zh-hans-cn', translations: { 'EN-us': { title: 'Mug' } } };
    expect(checkProduct(raw, context)).toEqual({
      ok: true,
      row: {
        id: 'p',
        title: '杯子',
        locale: 'zh-Hans-CN',
        translations: { 'en-US': { title: 'Mug', description: null } },
      },
    });
  });

  it.each(['https://example.org/a.jpg', 'data:image/png;base64,AAAA', 'data:image/svg+xml,%3Csvg/%3E'])(
    'accepts the image %s',
    imageUrl => {
      expect(checkProduct({ id: 'p', imageUrl }, context)).toEqual({ ok: true, row: { id: 'p', imageUrl } });
    },
  );

  it.each([
    ['nine levels', { categoryPath: Array(9).fill('x') }, 'LIST_TOO_LONG'],
    ['a level that is empty', { categoryPath: ['Home', ''] }, 'TEXT_EMPTY'],
    ['a tag that is a number', { tags: [1] }, 'TEXT_EXPECTED'],
    ['a tag that is null', { tags: [null] }, 'TEXT_EXPECTED'],
    ['65 tags', { tags: Array(65).fill('x') }, 'LIST_TOO_LONG'],
    ['tags as text', { tags: 'a,b' }, 'LIST_EXPECTED'],
    ['a negative price', { priceMinor: -1 }, 'PRICE_INVALID'],
    ['half a piece in stock', { stock: 1.5 }, 'VALUE_OUT_OF_RANGE'],
    ['an underscore in a locale', { locale: 'zh_CN' }, 'LOCALE_INVALID'],
    ['a small currency', { currency: 'gbp' }, 'CURRENCY_INVALID'],
    ['a script as image', { imageUrl: 'javascript:alert(1)' }, 'URL_INVALID'],
    ['a page as image', { imageUrl: 'data:text/html,<script>alert(1)</script>' }, 'URL_INVALID'],
    ['nested attributes', { attributes: { size: { cm: 3 } } }, 'ATTRIBUTES_INVALID'],
    ['an attribute over 2^53', { attributes: { ean: 7_707_199_254_740_993_001n } }, 'NUMBER_INEXACT'],
    ['attributes as a list', { attributes: ['x'] }, 'ATTRIBUTES_INVALID'],
    [
      '65 attributes',
      { attributes: Object.fromEntries([...Array(65).keys()].map(n => [n, 1])) },
      'ATTRIBUTES_INVALID',
    ],
    ['NUL in an attribute’s name', { attributes: { 'a\0': 1 } }, 'ATTRIBUTES_INVALID'],
    ['NUL in an attribute', { attributes: { a: '\0' } }, 'TEXT_NUL'],
    ['an active word', { isActive: 'yes' }, 'BOOLEAN_EXPECTED'],
    ['a language that is none', { translations: { '': {} } }, 'TRANSLATIONS_INVALID'],
    [
      'one language in two spellings',
      { translations: { 'pt-BR': { title: 'a' }, 'PT-br': { title: 'b' } } },
      'TRANSLATIONS_INVALID',
    ],
    [
      'one language twice in a list',
      {
        translations: [
          { locale: 'fr', title: 'a' },
          { locale: 'fr', title: 'b' },
        ],
      },
      'TRANSLATIONS_INVALID',
    ],
    ['a list of texts without a language', { translations: [{ title: 'a' }] }, 'TRANSLATIONS_INVALID'],
    ['a list of something else', { translations: ['fr'] }, 'TRANSLATIONS_INVALID'],
    [
      '64 KiB in all',
      { attributes: Object.fromEntries([...Array(30).keys()].map(n => [n, 'x'.repeat(2000)])) },
      'TOO_LARGE',
    ],
  ])('reports the problem of %s', (_case, fields, code) => {
    expect(codeOf({ id: 'p', ...fields })).toBe(code);
  });

  it('treats __proto__ as the key of a normal attribute', () => {
    const checked = checkProduct(JSON.parse('{"id":"p","attributes":{"__proto__":"x"}}'), context);
    expect(checked.ok && Object.keys(checked.row.attributes ?? {})).toEqual(['__proto__']);
  });
});
