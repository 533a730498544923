import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GatewayError } from '../../../domain/errors';
import { invalidFile } from '../../../evaluation/files/invalidFile';
import type { Line, LineSource } from '../../../evaluation/files/lineSource';

/** Whether the file starts with the two magic bytes of gzip (RFC 1952). Its name does not matter. */
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

/** The `code` of an error of Node, found by shape because the error's class differs between realms. */
const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'an error';

async function openBytes(path: string): Promise<Readable> {
  try {
    const isCompressed = await isGzip(path);
    const bytes = createReadStream(path);
    // pipeline forwards read errors of the file to the reader of the decompressed bytes.
    return isCompressed ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  } catch (cause) {
    throw invalidFile(path, 'a file that can be read', codeOf(cause), 'Check the path and who may read it.');
  }
}

async function* readLines(path: string): AsyncGenerator<Line> {
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

/**
 * Returns the lines of a UTF-8 file, plain or gzip, without line ends. The file is opened at each iteration.
 * Iterating throws GatewayError EVALUATION_INVALID when the file cannot be read to the end.
 */
export const openLines = (path: string): LineSource => ({
  name: path,
  [Symbol.asyncIterator]: () => readLines(path),
});
