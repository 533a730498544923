import type { ProductDocument } from '../../../snapshot/snapshot';
import { invalidFile, linesOf } from './lines';
import type { EvaluateOptions } from './options';
import { recordsOf } from './recordsFile';

/** Where a file of texts has what. */
export interface TextColumns {
  readonly item: string;
  /** The first is the title, the others descriptions. */
  readonly text: readonly string[];
  readonly category: string | undefined;
}

/** As the options say. */
export const textColumnsOf = ({ itemColumn, textColumn, categoryColumn }: EvaluateOptions): TextColumns => ({
  item: itemColumn,
  text: textColumn,
  category: categoryColumn,
});

/** A product's words, before they are a document. */
interface Words {
  readonly texts: readonly string[];
  readonly categories: readonly string[];
}

/** One text: a title, then descriptions; blank ones left out. */
function documentOf({ texts: [title, ...descriptions], categories }: Words): ProductDocument {
  const isSaid = (text: string): boolean => text.trim() !== '';
  return {
    titles: [title].filter(isSaid),
    descriptions: descriptions.filter(isSaid),
    categoryPath: categories,
    features: [],
    priceMinor: Number.NaN,
  };
}

/** Categories of one field: parted by `>`, `|` or commas. */
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

function wordsOfJson(value: unknown, { text, category }: TextColumns): Words {
  if (typeof value !== 'object' || value === null) return { texts: [textOf(value)], categories: [] };
  const fields = new Map(Object.entries(value));
  return {
    texts: text.map(name => textOf(fields.get(name))),
    categories: category === undefined ? [] : categoriesOf(textOf(fields.get(category))),
  };
}

/** `{ "item": { "title": …, … } | "text" }`, or `[{ "item": …, "title": … }]`. */
function entriesOfJson(parsed: unknown, columns: TextColumns, path: string): readonly [string, Words][] {
  if (Array.isArray(parsed)) {
    return parsed.map((value, index) => {
      const id = textOf(Object(value)[columns.item]);
      if (id === '')
        throw invalidFile(
          path,
          `a ${columns.item} in every object`,
          `none in object ${index + 1}`,
          'Add it.',
        );
      return [id, wordsOfJson(value, columns)];
    });
  }
  if (typeof parsed === 'object' && parsed !== null)
    return Object.entries(parsed).map(([id, value]) => [id, wordsOfJson(value, columns)]);
  throw invalidFile(path, 'an object by item, or an array of objects', typeof parsed, 'Write it so.');
}

async function readJson(path: string, columns: TextColumns): Promise<readonly [string, Words][]> {
  const lines: string[] = [];
  for await (const { text } of linesOf(path)) lines.push(text);
  try {
    return entriesOfJson(JSON.parse(lines.join('\n')), columns, path);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalidFile(path, 'JSON', 'something else', `${cause.message}.`);
  }
}

async function readColumns(path: string, columns: TextColumns): Promise<readonly [string, Words][]> {
  const { item, text, category } = columns;
  const named = new Map([['item', item], ...text.map((name, index) => [`text${index}`, name] as const)]);
  if (category !== undefined) named.set('category', category);
  const roles = [...named.keys()];
  const entries: [string, Words][] = [];
  for await (const { values } of recordsOf(path, { roles, needed: roles.length, named })) {
    const [id, ...fields] = values;
    const texts = fields.slice(0, text.length);
    if (id !== '') entries.push([id, { texts, categories: categoriesOf(fields[text.length] ?? '') }]);
  }
  return entries;
}

const isJson = async (path: string): Promise<boolean> => {
  for await (const { text } of linesOf(path)) if (text.trim() !== '') return /^\s*[[{]/.test(text);
  return false;
};

/**
 * Reads what is said of items: JSON by item or an array of objects, or a file of columns with a header. Of several texts
 * of an item (invoice lines) the first that says something counts.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTextFile(
  path: string,
  columns: TextColumns,
): Promise<ReadonlyMap<string, ProductDocument>> {
  const entries = (await isJson(path)) ? await readJson(path, columns) : await readColumns(path, columns);
  const documents = new Map<string, ProductDocument>();
  for (const [id, words] of entries) {
    if (!documents.has(id) && words.texts.some(text => text.trim() !== ''))
      documents.set(id, documentOf(words));
  }
  if (documents.size === 0)
    throw invalidFile(
      path,
      `texts in ${columns.text.join(', ')}`,
      'none',
      'Name the columns: --text-column.',
    );
  return documents;
}
