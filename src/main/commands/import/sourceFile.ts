import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { GatewayError } from '../../../domain/errors';
import { type Encoding, type Line, LineSplitter } from '../../../intake/lineSplitter';

const chunkBytes = 262_144;

/** A file to import. */
export interface SourceFile {
  readonly path: string;
  /** File name without folders and `.gz`. */
  readonly name: string;
  /** Size on disk in bytes. */
  readonly size: number;
  readonly isGzip: boolean;
  /** Hex SHA-256 of the bytes on disk. */
  readonly digest: string;
}

/**
 * Inspects a file: its size, whether it is gzip (by its first two bytes, not its name), and its digest.
 *
 * @throws {GatewayError} IMPORT_INVALID when it cannot be read
 */
export async function inspectFile(path: string): Promise<SourceFile> {
  try {
    const [{ size }, isGzip, digest] = await Promise.all([stat(path), startsAsGzip(path), digestOf(path)]);
    return { path, name: basename(path).replace(/\.gz$/, ''), size, isGzip, digest };
  } catch (error) {
    const reason = codeOf(error);
    const message = `Expected a readable file at ${path}; got ${reason}. Check the path and its permissions.`;
    throw new GatewayError('IMPORT_INVALID', message, { path, reason }, { cause: error });
  }
}

/** Returns Node's code of a failure, such as ENOENT or Z_BUF_ERROR. */
const codeOf = (error: unknown): string => String(Object(error).code ?? 'unknown');

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes * 4 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Yields the content of a file, decompressed if it is gzip. `onRead` is called with the number of bytes read from disk.
 *
 * @throws {GatewayError} IMPORT_INVALID when the gzip is truncated or damaged, after the intact part was yielded
 */
export async function* contentOf(
  file: SourceFile,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const disk = createReadStream(file.path, { highWaterMark: chunkBytes });
  const unpacked = file.isGzip ? disk.pipe(createGunzip({ chunkSize: chunkBytes })) : disk;
  disk.once('error', error => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked) {
      yield chunk;
      onRead(disk.bytesRead);
    }
  } catch (error) {
    const reason = codeOf(error);
    if (!reason.startsWith('Z_')) throw error;
    const message = `Expected a whole gzip file at ${file.path}; it is truncated or damaged (${reason}). Lines before the damage were stored; fetch the file again and import it: nothing is counted twice.`;
    throw new GatewayError('IMPORT_INVALID', message, { path: file.path, reason }, { cause: error });
  } finally {
    disk.destroy();
    unpacked.destroy();
  }
}

/** Reads the first line of a file; null when it is empty. */
export async function firstLineOf(file: SourceFile, encoding: Encoding): Promise<Line | null> {
  const splitter = new LineSplitter(encoding);
  for await (const chunk of contentOf(file)) {
    const [line] = splitter.push(chunk);
    if (line) return line;
  }
  return splitter.end()[0] ?? null;
}
