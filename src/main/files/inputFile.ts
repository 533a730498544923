import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { type ForeignFormat, foreignFormatOf, sniffedBytes } from './foreignFormat';
import { gunzip, startsAsGzip } from './gunzip';

const chunkBytes = 262_144;

/** Returns Node's code of a failure, such as ENOENT or Z_BUF_ERROR. */
export const codeOf = (error: unknown): string => String(Object(error).code ?? 'unknown');

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/**
 * Returns the size of a regular file on disk in bytes, or why it is none that can be read. Files are read several times and to
 * their end, which pipes and devices do not allow; opening a pipe would wait for its writer.
 */
export async function inspectInput(
  path: string,
): Promise<{ readonly size: number } | { readonly reason: string }> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { reason: kindOf(stats) };
    await (await open(path)).close();
    return { size: stats.size };
  } catch (error) {
    return { reason: codeOf(error) };
  }
}

/** Called while a file is read. */
export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  /** Number of bytes read from the disk so far. */
  readonly onRead?: (bytes: number) => void;
  /** As of {@link gunzip}. */
  readonly onTail?: (bytes: number) => void;
}

/** Yields the bytes of a file as they are on disk. @throws the reason of the signal */
export async function* bytesOnDisk(
  path: string,
  { signal, onRead }: ReadingOptions = {},
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    onRead?.(bytes);
    yield chunk;
  }
}

/** Returns whether a file is gzip, by its first two bytes and not by its name. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && startsAsGzip(buffer);
  } finally {
    await file.close();
  }
}

/** A file that holds no lines of text before it is converted. */
export class ForeignFormatError extends Error {
  override readonly name = 'ForeignFormatError';

  constructor(readonly format: ForeignFormat) {
    super(`Expected lines of text; got ${format.name}. ${format.remedy}`);
  }
}

/** Yields content unchanged. @throws {ForeignFormatError} before the first byte, by the beginning of the content */
async function* asText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let failure: { readonly cause: unknown } | null = null;
  while (head.length < sniffedBytes && failure === null) {
    const next = await source.next().catch((cause: unknown) => ({ cause }));
    if ('cause' in next) failure = next;
    else if (next.done) break;
    else head = Buffer.concat([head, next.value]);
  }
  const format = foreignFormatOf(head);
  if (format !== null) throw new ForeignFormatError(format);
  if (head.length > 0) yield head;
  // What a damaged file holds before the damage is content.
  if (failure !== null) throw failure.cause;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

async function* decompressed(path: string, options: ReadingOptions): AsyncGenerator<Uint8Array> {
  const bytes = bytesOnDisk(path, options);
  if (!(await isGzip(path))) yield* bytes;
  else
    for await (const chunk of gunzip(bytes, options.onTail)) {
      options.signal?.throwIfAborted();
      yield chunk;
    }
}

/**
 * Yields the content of a file, decompressed if it is gzip.
 *
 * @throws {ForeignFormatError} when the content is no text, before any of it was yielded; with a `code` of zlib (`Z_…`) when
 *   the gzip is damaged, after the intact part was yielded; the reason of the signal
 */
export const contentOf = (path: string, options: ReadingOptions = {}): AsyncGenerator<Uint8Array> =>
  asText(decompressed(path, options));
