import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GatewayError } from '../../../domain/errors';

/** Delimiters by preference: of these the first that cuts the first line in two is the file's. */
const delimiters: readonly RegExp[] = [/\t/, /;/, /,/, / +/];

/** What is wrong with a file, and where. */
export function invalidFile(place: string, expected: string, got: string, remedy: string): GatewayError {
  return new GatewayError('EVALUATION_INVALID', `${place}: Expected ${expected}; got ${got}. ${remedy}`, {
    place,
    expected,
    got,
  });
}

/** True when the file starts with the two magic bytes of gzip (RFC 1952), whatever its name. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** The code Node gives its errors, by shape: their class differs between realms. */
const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'an error';

async function openBytes(path: string): Promise<Readable> {
  try {
    const isCompressed = await isGzip(path);
    const bytes = createReadStream(path);
    // pipeline passes a failure of the file on to the reader of the unzipped bytes.
    return isCompressed ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  } catch (cause) {
    throw invalidFile(path, 'a file that can be read', codeOf(cause), 'Check the path and who may read it.');
  }
}

/** One line of a file. */
export interface Line {
  /** 1 is the first. */
  readonly number: number;
  readonly text: string;
}

/** Lines with their numbers, without line ends, as UTF-8; gzip is told by content. @throws {GatewayError} EVALUATION_INVALID */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of await openBytes(path)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { number: ++number, text };
    }
    rest += decoder.decode();
    if (rest !== '') yield { number: ++number, text: rest };
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const place = `${path}: after line ${number}`;
    const code = codeOf(cause);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw invalidFile(place, 'UTF-8', 'other bytes', 'Convert the file to UTF-8.');
    throw invalidFile(place, 'a whole file', code, 'Copy or compress it again.');
  }
}

/** Cuts lines into fields with the delimiter that the first line with two fields shows. @throws {GatewayError} EVALUATION_INVALID */
export function createFieldSplitter(path: string): (text: string, number: number) => readonly string[] {
  let delimiter: RegExp | undefined;
  return (text, number) => {
    const line = text.trim();
    if (line === '') return [];
    delimiter ??= delimiters.find(candidate => candidate.test(line));
    if (!delimiter) return [line];
    const fields = line.split(delimiter).map(field => field.trim());
    if (fields.some(field => field === ''))
      throw invalidFile(`${path}:${number}`, 'no empty field', 'one', 'Remove doubled delimiters.');
    return fields;
  };
}
