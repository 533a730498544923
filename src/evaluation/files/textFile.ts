import { parseExactJson, repeatedName } from '../../intake/exactJson';
import type { ProductDocument } from '../../snapshot/snapshot';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';

/** Columns or fields of a file of product texts. */
export interface TextColumns {
  readonly item: string;
  /** The first is the title, the others are descriptions. */
  readonly text: readonly string[];
  readonly category: string | undefined;
}

/** The texts and categories of one product. */
interface ProductText {
  readonly texts: readonly string[];
  readonly categories: readonly string[];
}

/** A title, then descriptions. Blank texts are left out. */
function documentOf({ texts: [title, ...descriptions], categories }: ProductText): ProductDocument {
  const isFilled = (text: string): boolean => text.trim() !== '';
  return {
    titles: [title].filter(isFilled),
    descriptions: descriptions.filter(isFilled),
    categoryPath: categories,
    features: [],
    priceMinor: Number.NaN,
  };
}

/** Splits a field into categories at `>`, `|` and commas. */
const categoriesOf = (field: string): readonly string[] =>
  field
    .split(/[>|,]/)
    .map(part => part.trim())
    .filter(part => part !== '');

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(', ')
    : value === undefined || value === null
      ? ''
      : String(value);

function textOfJson(value: unknown, { text, category }: TextColumns): ProductText {
  if (typeof value !== 'object' || value === null) return { texts: [textOf(value)], categories: [] };
  const fields = new Map(Object.entries(value));
  return {
    texts: text.map(name => textOf(fields.get(name))),
    categories: category === undefined ? [] : categoriesOf(textOf(fields.get(category))),
  };
}

/** `{ "item": { "title": …, … } | "text" }`, or `[{ "item": …, "title": … }]`. */
function entriesOfJson(
  parsed: unknown,
  columns: TextColumns,
  name: string,
): readonly [string, ProductText][] {
  if (Array.isArray(parsed)) {
    return parsed.map((value, index) => {
      const id = textOf(new Map(Object.entries(Object(value))).get(columns.item));
      if (id === '')
        throw invalidFile(
          name,
          `a ${columns.item} in every object`,
          `none in object ${index + 1}`,
          'Add it.',
        );
      return [id, textOfJson(value, columns)];
    });
  }
  if (typeof parsed === 'object' && parsed !== null)
    return Object.entries(parsed).map(([id, value]) => [id, textOfJson(value, columns)]);
  throw invalidFile(name, 'an object by item, or an array of objects', typeof parsed, 'Use one of these.');
}

async function readJson(source: LineSource, columns: TextColumns): Promise<readonly [string, ProductText][]> {
  const lines: string[] = [];
  for await (const { text } of source) lines.push(text);
  try {
    const text = lines.join('\n');
    const parsed = parseExactJson(text);
    const repeated = repeatedName(text);
    if (repeated !== null)
      throw invalidFile(source.name, 'each name once in an object', `${repeated} twice`, 'Keep one of them.');
    return entriesOfJson(parsed, columns, source.name);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalidFile(source.name, 'JSON', 'something else', `${cause.message}.`);
  }
}

async function readColumns(
  source: LineSource,
  columns: TextColumns,
): Promise<readonly [string, ProductText][]> {
  const { item, text, category } = columns;
  const named = new Map([['item', item], ...text.map((name, index) => [`text${index}`, name] as const)]);
  if (category !== undefined) named.set('category', category);
  const roles = [...named.keys()];
  const entries: [string, ProductText][] = [];
  for await (const { values } of recordsOf(source, { roles, requiredRoles: roles.length, named })) {
    const [id, ...fields] = values;
    const texts = fields.slice(0, text.length);
    if (id !== '') entries.push([id, { texts, categories: categoriesOf(fields[text.length] ?? '') }]);
  }
  return entries;
}

async function isJson(source: LineSource): Promise<boolean> {
  for await (const { text } of source) if (text.trim() !== '') return /^\s*[[{]/.test(text);
  return false;
}

/**
 * Reads product texts: JSON by item, a JSON array of objects, or columns with a header. When an item has several texts
 * (invoice lines), the first one that is not blank counts. Iterates the source twice.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTextFile(
  source: LineSource,
  columns: TextColumns,
): Promise<ReadonlyMap<string, ProductDocument>> {
  const entries = (await isJson(source))
    ? await readJson(source, columns)
    : await readColumns(source, columns);
  const documents = new Map<string, ProductDocument>();
  for (const [id, product] of entries) {
    if (!documents.has(id) && product.texts.some(text => text.trim() !== ''))
      documents.set(id, documentOf(product));
  }
  if (documents.size === 0)
    throw invalidFile(
      source.name,
      `texts in ${columns.text.join(', ')}`,
      'none',
      'Name the columns: --text-column.',
    );
  return documents;
}
