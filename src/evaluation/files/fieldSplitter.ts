import { firstRecord } from '../../intake/recordSplitter';
import { checkId } from './checkId';
import { delimiterOf } from './delimiter';
import { invalidFile } from './invalidFile';
import type { Line } from './lineSource';

/** Delimiters in order of preference. The first one that splits the first line with two fields applies to the file. */
const delimiters = ['\t', ';', ',', ' '] as const;

/**
 * Returns a function that splits lines into fields, all with the same delimiter. A blank line has no fields. Fields that are
 * separated by commas or semicolons may be quoted as in RFC 4180.
 *
 * @param name - path of the file, for messages
 * @throws {GatewayError} EVALUATION_INVALID on an empty field and on a wrong quote
 */
export function createFieldSplitter(name: string): (line: Line) => readonly string[] {
  let delimiter: (typeof delimiters)[number] | undefined;
  return ({ text, number }) => {
    if (text.trim() === '') return [];
    const place = `${name}:${number}`;
    // A tab at the beginning follows an empty field.
    const trimmed = text.replace(/^[ \ufeff]+/, '').trimEnd();
    delimiter ??= delimiterOf(trimmed, delimiters);
    const isQuoted = trimmed.startsWith('"');
    const fields = delimiter || isQuoted ? split(trimmed, delimiter ?? ',', place) : [trimmed];
    if (fields.some(field => field === ''))
      throw invalidFile(place, 'no empty field', 'one', 'Remove doubled delimiters.');
    return fields.map(field => checkId(field, place));
  };
}

function split(text: string, delimiter: (typeof delimiters)[number], place: string): readonly string[] {
  if (delimiter === ' ') return text.split(/ +/);
  const quoted = delimiter !== '\t' && text.includes('"');
  const record = firstRecord([{ number: 1, text, fault: null }], { delimiter, quoted });
  if (record) return record.fields.map(field => field.trim());
  const remedy = 'Close the quote on its line, and double the quotes inside the field.';
  throw invalidFile(place, 'fields quoted as in RFC 4180', 'a wrong quote', remedy);
}
