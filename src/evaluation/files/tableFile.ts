import { type RecordOrProblem, RecordSplitter } from '../../intake/recordSplitter';
import type { Column } from '../../learning/tabular/table';
import { delimiterOf } from './delimiter';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';

/** A column of a file: its different texts, and the place of each row's text among them. */
export interface TextColumn {
  readonly name: string;
  readonly texts: readonly string[];
  readonly codes: ArrayLike<number>;
}

/** The columns of one or more files with a header. */
export interface TableFile {
  /** Path of the first file, for messages. */
  readonly name: string;
  readonly columns: readonly TextColumn[];
  /** Number of rows of each file, in their order. */
  readonly rows: readonly number[];
}

/** In order of preference. The first one that splits the header applies to the whole file. */
const delimiters = ['\t', ';', ',', '|'] as const;

/** A column while its file is read. */
interface OpenColumn {
  readonly name: string;
  readonly places: Map<string, number>;
  readonly codes: number[];
}

function addText({ places, codes }: OpenColumn, text: string): void {
  let place = places.get(text);
  if (place === undefined) {
    place = places.size;
    // A copy: a part of a line would keep the whole line in memory.
    places.set(Buffer.from(text).toString(), place);
  }
  codes.push(place);
}

async function* recordsOf(source: LineSource): AsyncGenerator<readonly string[]> {
  let splitter: RecordSplitter | undefined;
  const fieldsOf = (record: RecordOrProblem): readonly string[] => {
    if (record.problem === null) return record.fields;
    const { code, message } = record.problem;
    throw invalidFile(`${source.name}:${record.line.number}`, 'a record', code, message);
  };
  for await (const { number, text: whole } of source) {
    if (whole.trim() === '') continue;
    const text = (splitter ? whole : whole.replace(/^\ufeff/, '')).replace(/\r$/, '');
    splitter ??= new RecordSplitter({
      delimiter: delimiterOf(text, delimiters) ?? ',',
      quoted: true,
      columns: null,
    });
    for (const record of splitter.push({ number, text, fault: null })) yield fieldsOf(record);
  }
  for (const record of splitter?.end() ?? []) yield fieldsOf(record);
}

/** Opens the columns of a header. @throws {GatewayError} EVALUATION_INVALID when two have one name */
function openColumns(header: readonly string[], file: string): readonly OpenColumn[] {
  const names = header.map((name, place) => name.trim() || `column ${place + 1}`);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined)
    throw invalidFile(`${file}:1`, 'columns of different names', `${twice} twice`, 'Rename one of them.');
  return names.map(name => ({ name, places: new Map(), codes: [] }));
}

function checkSameHeader(columns: readonly OpenColumn[], header: readonly string[], file: string): void {
  const names = openColumns(header, file).map(({ name }) => name);
  if (names.join('\n') === columns.map(({ name }) => name).join('\n')) return;
  const expected = `the columns ${columns.map(({ name }) => name).join(', ')}`;
  throw invalidFile(`${file}:1`, expected, names.join(', '), 'Give both files the same header.');
}

/** Adds the rows of a file to the columns, which the first file opens. Returns their number. */
async function readRows(source: LineSource, columns: OpenColumn[]): Promise<number> {
  let read = -1;
  for await (const fields of recordsOf(source)) {
    read++;
    if (read > 0) for (const [place, column] of columns.entries()) addText(column, fields[place].trim());
    else if (columns.length > 0) checkSameHeader(columns, fields, source.name);
    else columns.push(...openColumns(fields, source.name));
  }
  if (read > 0) return read;
  const got = read < 0 ? 'an empty file' : 'a header alone';
  throw invalidFile(source.name, 'a header and rows', got, 'Check the path.');
}

/**
 * Reads all columns of files with the same header, one after the other. Fields are separated by tabs, semicolons, commas or
 * bars, whichever the header has, and may be quoted as in RFC 4180.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTableFiles(sources: readonly LineSource[]): Promise<TableFile> {
  const columns: OpenColumn[] = [];
  const rows: number[] = [];
  for (const source of sources) rows.push(await readRows(source, columns));
  return {
    name: sources[0]?.name ?? '',
    rows,
    columns: columns.map(({ name, places, codes }) => ({ name, codes, texts: [...places.keys()] })),
  };
}

/** Returns a column of a file. @throws {GatewayError} EVALUATION_INVALID, which lists the columns, when there is none */
export function columnNamed({ columns, name: file }: TableFile, wanted: string, option: string): TextColumn {
  const found = columns.find(({ name }) => name === wanted);
  if (found) return found;
  const names = columns.map(({ name }) => name).join(', ');
  throw invalidFile(file, `${option} among ${names}`, wanted, `Correct ${option}.`);
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Texts that say that a number is missing. An empty text is missing in every column. */
const missingNumber = /^(?:|na|n\/a|nan|null|none|unknown|\?)$/i;

/** Whether a column has no value in any row. */
export const isMissing = ({ texts }: TextColumn): boolean => texts.every(text => missingNumber.test(text));

/** Returns a column as numbers where all its texts but missing ones are numbers, else as categories. */
export function typedColumn({ name, texts, codes }: TextColumn): Column {
  const isNumeric = texts.every(text => number.test(text) || missingNumber.test(text));
  if (isNumeric) {
    const numbers = texts.map(text => (number.test(text) ? Number(text) : Number.NaN));
    return { name, kind: 'numeric', values: Float32Array.from(codes, code => numbers[code]) };
  }
  const empty = texts.indexOf('');
  const values = Float32Array.from(codes, code => (code === empty ? Number.NaN : code));
  return { name, kind: 'categorical', values, categories: texts };
}
