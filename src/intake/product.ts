import { type ProductId, toProductId } from '../domain/ids';
import { canonicalLocale } from '../domain/locale';
import type { Product, ProductText } from '../domain/product';
import { readAttributes } from './attributes';
import type { CheckContext } from './event';
import { Fields, maxInt32 } from './fields';
import { isJsonObject } from './jsonObject';
import { readLocale } from './locale';
import type { Checked } from './rejections';

/** A checked product to write; absent fields stay unchanged. */
export type ProductDraft = { readonly id: ProductId } & Partial<
  Omit<Product, 'shopId' | 'id' | 'isStub' | 'createdAt' | 'updatedAt'>
> & {
    /** Only of the import of an export. */
    readonly createdAt?: number;
  };

/** Largest row, in bytes (two per UTF-16 code unit). */
export const maxRowBytes = 65_536;
const maxTitleLength = 1_000;
const maxDescriptionLength = 20_000;
const maxLevels = 8;
const maxTags = 64;
const maxLabelLength = 128;
const maxUrlLength = 2_048;
const maxTranslations = 32;
const imageUrlPattern = /^(?:https?:\/\/|data:image\/[a-z+.-]+[;,])\S+$/;

/** How each field except the id is read; null clears a field that can be empty. */
const readers = {
  title: (fields: Fields) => fields.text('title', maxTitleLength),
  description: (fields: Fields) => fields.text('description', maxDescriptionLength),
  locale: (fields: Fields) => readLocale(fields, 'locale'),
  translations: readTranslations,
  categoryPath: (fields: Fields) => fields.texts('categoryPath', maxLevels, maxLabelLength),
  tags: (fields: Fields) => fields.texts('tags', maxTags, maxLabelLength),
  priceMinor: (fields: Fields) => fields.price('priceMinor'),
  currency: readCurrency,
  stock: (fields: Fields) => fields.number('stock', { min: 0, max: maxInt32, whole: true }),
  imageUrl: readUrl,
  attributes: (fields: Fields) => readAttributes(fields, 'attributes'),
  isActive: (fields: Fields) => fields.boolean('isActive') ?? true,
};
const names = Object.keys(readers) as (keyof typeof readers)[];
const known: ReadonlySet<string> = new Set(['id', ...names]);

/**
 * Checks one product: `{id, title?, description?, locale?, translations?, categoryPath? (at most 8 levels), tags? (at most
 * 64), priceMinor?, currency?, stock?, imageUrl?, attributes?, isActive?}`, 64 KiB in all. An absent field stays absent; null
 * clears it (isActive: null means true). Never throws for a value that JSON can represent.
 */
export function checkProduct(raw: unknown, context: CheckContext): Checked<ProductDraft> {
  const fields = new Fields(raw);
  fields.onlyKnown(known);
  const id = toProductId(fields.id('id'));
  const row: ProductDraft = Object.assign(
    { id },
    ...names.filter(name => fields.has(name)).map(name => ({ [name]: readers[name](fields) })),
  );
  if (fields.bytes > maxRowBytes) {
    fields.fail('TOO_LARGE', '', `a product of at most ${maxRowBytes} bytes`, 'Shorten its texts.');
  }
  const found = fields.problem;
  return found ? { ok: false, rejection: { index: context.index ?? 0, ...found } } : { ok: true, row };
}

/** Reads the field `currency`; null when absent, null or empty. */
export function readCurrency(fields: Fields): string | null {
  const currency = fields.text('currency', 1_000);
  if (currency === null || /^[A-Z]{3}$/.test(currency)) return currency;
  return fields.fail(
    'CURRENCY_INVALID',
    'currency',
    'three capital letters (ISO 4217)',
    'Send one such as GBP.',
  );
}

function readUrl(fields: Fields): string | null {
  const url = fields.text('imageUrl', maxUrlLength);
  if (url === null || imageUrlPattern.test(url)) return url;
  const expected = 'an http or https address, or a data: address of an image';
  return fields.fail('URL_INVALID', 'imageUrl', expected, 'Send the whole address.');
}

function readTranslations(fields: Fields): Readonly<Record<string, ProductText>> {
  const raw = fields.value('translations');
  if (raw === null) return {};
  const texts = textsByTag(raw);
  if (texts === null || texts.length > maxTranslations) {
    const expected = `an object of at most ${maxTranslations} languages`;
    fields.fail('TRANSLATIONS_INVALID', 'translations', expected, 'Key the texts by BCP 47 tags.');
    return {};
  }
  const entries = texts.map(([tag, text]): [string, ProductText] => {
    const locale = canonicalLocale(tag);
    if (locale === null) {
      fields.fail(
        'TRANSLATIONS_INVALID',
        'translations',
        'BCP 47 tags as keys',
        'Use keys such as en or zh-CN.',
      );
    }
    return [locale ?? '', readText(fields, text)];
  });
  if (new Set(entries.map(([locale]) => locale)).size < entries.length) {
    const remedy = 'Keep one text per language; en-us and en-US are the same.';
    fields.fail('TRANSLATIONS_INVALID', 'translations', 'each language once', remedy);
  }
  return Object.fromEntries(entries);
}

/** Returns texts with their tags, of an object keyed by tag or of a list of texts with a `locale`; null for another value. */
function textsByTag(raw: unknown): readonly (readonly [tag: string, text: unknown])[] | null {
  if (!Array.isArray(raw)) return isJsonObject(raw) ? Object.entries(raw) : null;
  const texts = raw.map((one: unknown) => {
    const { locale, ...text } = isJsonObject(one) ? one : {};
    return [typeof locale === 'string' ? locale : '', text] as const;
  });
  return texts;
}

const knownText: ReadonlySet<string> = new Set(['title', 'description']);

function readText(fields: Fields, raw: unknown): ProductText {
  const inner = new Fields(raw, 'translations');
  inner.onlyKnown(knownText);
  const text = {
    title: inner.text('title', maxTitleLength),
    description: inner.text('description', maxDescriptionLength),
  };
  fields.count(inner.bytes);
  fields.adopt(inner.problem);
  return text;
}
