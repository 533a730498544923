import { convert, type FieldRule } from './conversion';
import { checkEvent } from './event';
import { Fields } from './fields';
import type { Encoding } from './lineSplitter';
import type { FileHead, FileReader, ImportContext, Preset, RowSink } from './presets/preset';
import { checkProduct } from './product';
import { firstRecord } from './recordSplitter';
import { type Checked, type Problem, problem } from './rejections';
import { checkUser } from './user';

/** Fields of one kind of row. */
export type RowRules = Readonly<Record<string, FieldRule>>;

/** Description of a file. At least one of `event`, `product` and `user` is present. */
export interface Mapping {
  readonly format: 'csv' | 'tsv' | 'jsonl';
  readonly delimiter?: string | undefined;
  readonly encoding?: Encoding | undefined;
  /** Names of the columns of a file without header. */
  readonly columns?: readonly string[] | undefined;
  readonly currency?: string | undefined;
  readonly event?: RowRules | undefined;
  readonly product?: RowRules | undefined;
  readonly user?: RowRules | undefined;
}

/** Fields that each kind of row may map, besides `attributes.NAME`. `attribution` is mapped as `listId` and `rank`. */
export const mappableFields = {
  event: [
    'id',
    'userId',
    'productId',
    'type',
    'value',
    'priceMinor',
    'queryText',
    'sessionId',
    'occurredAt',
    'listId',
    'rank',
  ],
  product: [
    'id',
    'title',
    'description',
    'locale',
    'categoryPath',
    'tags',
    'priceMinor',
    'currency',
    'stock',
    'imageUrl',
    'isActive',
  ],
  user: ['id', 'locale'],
} as const;

type RowKind = keyof typeof mappableFields;
type Lookup = (column: string) => unknown;

/**
 * Returns the preset that a mapping describes. Numbers written as text are parsed strictly; empty text counts as absent. An
 * event without a mapped id gets the id `file digest:line`, so that importing the same file again adds nothing.
 */
export function mappedPreset(mapping: Mapping): Preset {
  return {
    name: 'mapping',
    version: 1,
    files: 'as the mapping describes',
    currency: mapping.currency ?? 'USD',
    start: context => ({ open: head => openMapped(mapping, head, context) }),
  };
}

/** Why a file does not fit a mapping: the parts of a message. */
export interface HeaderProblem {
  readonly expected: string;
  readonly got: string;
  readonly remedy: string;
}

/** Longest list of columns in a message, in characters. */
const maxListed = 300;

/** Returns why the columns of a file are not those that a mapping names, or null. */
export function headerProblem(mapping: Mapping, head: FileHead): HeaderProblem | null {
  if (mapping.format === 'jsonl') return null;
  const columns = columnsOf(mapping, head);
  if (columns === null) {
    const got = 'one that cannot be read';
    return { expected: 'a header of text, quoted as in RFC 4180', got, remedy: 'Correct the first line.' };
  }
  const named = [mapping.event, mapping.product, mapping.user].flatMap(rows =>
    Object.values(rows ?? {}).flatMap(({ column }) => column ?? []),
  );
  const missing = [...new Set(named)].filter(name => !columns.includes(name));
  if (missing.length > 0) {
    const got = shortened(columns.map(name => JSON.stringify(name)).join(', '));
    const hint = columns.length === 1 ? 'Set the delimiter in the mapping.' : 'Correct the mapping.';
    return { expected: `the columns ${missing.join(', ')}`, got, remedy: hint };
  }
  const repeated = named.find(name => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (repeated === undefined) return null;
  const count = columns.filter(name => name === repeated).length;
  const remedy = 'Rename all but one of them, or name every column with "columns" in the mapping.';
  return { expected: `one column ${repeated}`, got: `${count} columns of that name`, remedy };
}

const shortened = (text: string): string => (text.length > maxListed ? `${text.slice(0, maxListed)}…` : text);

function openMapped(mapping: Mapping, head: FileHead, context: ImportContext): FileReader {
  const encoding = mapping.encoding ?? 'utf-8';
  if (mapping.format === 'jsonl') {
    return {
      format: 'jsonl',
      encoding,
      read: (value, line, sink) => {
        const fields = new Fields(value);
        if (fields.problem) return fields.problem;
        return giveAll({ mapping, head, context, sink }, column => pathValue(value, column), line);
      },
    };
  }
  const columns = columnsOf(mapping, head) ?? [];
  const positions = new Map(columns.map((column, position) => [column, position]));
  return {
    format: 'delimited',
    encoding,
    hasHeader: mapping.columns === undefined,
    dialect: { delimiter: delimiterOf(mapping), quoted: mapping.format === 'csv', columns: columns.length },
    read: (fields, line, sink) => {
      const isHeader =
        mapping.columns === undefined && columns.every((name, at) => fields[at].trim() === name);
      if (isHeader) return repeatedHeader;
      const lookup: Lookup = column => fields[positions.get(column) ?? -1];
      return giveAll({ mapping, head, context, sink }, lookup, line);
    },
  };
}

const repeatedHeader = problem('HEADER_REPEATED', '', 'a row', 'the header once more', 'Nothing to do.');

const delimiterOf = (mapping: Mapping): string =>
  mapping.delimiter ?? (mapping.format === 'tsv' ? '\t' : ',');

/** Returns the names of the columns; null when the header cannot be read. */
function columnsOf(mapping: Mapping, head: FileHead): readonly string[] | null {
  if (mapping.columns) return mapping.columns;
  const header = firstRecord(head.lines, {
    delimiter: delimiterOf(mapping),
    quoted: mapping.format === 'csv',
  });
  return header?.fields.map(name => name.trim()) ?? null;
}

/** Returns the value at a path like `a.b` of a parsed line; inherited fields are ignored. */
function pathValue(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner: unknown, name) => new Fields(inner).value(name), value);
}

interface Target {
  readonly mapping: Mapping;
  readonly head: FileHead;
  readonly context: ImportContext;
  readonly sink: RowSink;
}

/** Checks every row of a line before any is stored: a line is imported whole or not at all. */
function giveAll(target: Target, lookup: Lookup, lineNumber: number): Problem | null {
  const { mapping, head, context, sink } = target;
  const gives: (() => void)[] = [];
  const take = <Row>(
    kind: RowKind,
    check: (raw: unknown) => Checked<Row>,
    give: (row: Row) => void,
  ): Problem | null => {
    const rules = mapping[kind];
    if (!rules) return null;
    const built = build(rules, lookup);
    if ('code' in built) return built;
    const row =
      kind === 'event' ? asEvent(built.row, `${head.digest.slice(0, 32)}:${lineNumber}`) : built.row;
    const checked = check(row);
    if (!checked.ok) return checked.rejection;
    gives.push(() => give(checked.row));
    return null;
  };
  const found =
    take(
      'product',
      raw => checkProduct(raw, context),
      row => sink.product(row),
    ) ??
    take(
      'user',
      raw => checkUser(raw, context),
      row => sink.user(row),
    ) ??
    take(
      'event',
      raw => checkEvent(raw, context),
      row => sink.event(row),
    );
  if (!found) for (const give of gives) give();
  return found;
}

function asEvent(row: Record<string, unknown>, ownId: string): Record<string, unknown> {
  const { id, listId, rank, ...event } = row;
  return {
    ...event,
    id: id ?? ownId,
    ...(listId !== undefined && { attribution: { listId, rank } }),
  };
}

function build(rules: RowRules, lookup: Lookup): { readonly row: Record<string, unknown> } | Problem {
  const row: Record<string, unknown> = {};
  const attributes: [string, unknown][] = [];
  for (const [field, rule] of Object.entries(rules)) {
    const raw = rule.column === undefined ? rule.constant : lookup(rule.column);
    if (raw === undefined || raw === null || raw === '') continue;
    const converted = convert(field, rule, raw);
    if ('code' in converted) return converted;
    if (field.startsWith('attributes.'))
      attributes.push([field.slice('attributes.'.length), converted.value]);
    else row[field] = converted.value;
  }
  return { row: attributes.length > 0 ? { ...row, attributes: Object.fromEntries(attributes) } : row };
}
