import { invalidFile } from './invalidFile';
import type { Line } from './lineSource';

/** Delimiters in order of preference. The first one that splits the first line with two fields applies to the file. */
const delimiters: readonly RegExp[] = [/\t/, /;/, /,/, / +/];

/**
 * Returns a function that splits lines into fields, all with the same delimiter. A blank line has no fields.
 *
 * @param name - path of the file, for messages
 * @throws {GatewayError} EVALUATION_INVALID on an empty field
 */
export function createFieldSplitter(name: string): (line: Line) => readonly string[] {
  let delimiter: RegExp | undefined;
  return ({ text, number }) => {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    delimiter ??= delimiters.find(candidate => candidate.test(trimmed));
    if (!delimiter) return [trimmed];
    const fields = trimmed.split(delimiter).map(field => field.trim());
    if (fields.some(field => field === ''))
      throw invalidFile(`${name}:${number}`, 'no empty field', 'one', 'Remove doubled delimiters.');
    return fields;
  };
}
