// Caches vectors in a file, so that each text is encoded (and paid for) once. There is one append-only file per encoder: a
// header, then records of the text's SHA-256, its vector, and the CRC-32 of both. Texts are not stored. A record truncated
// by a crash, and everything after it, is dropped at the next read.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DocumentEncoder, TextVectors } from '../ports/documentEncoder';

const magic = 'AFFVEC1\n';
const headBytes = magic.length + 4;
const keyBytes = 32;
/** Records per read. */
const recordsPerRead = 1024;
/** Texts encoded between two writes: an interrupted run encodes at most these again. */
const textsPerWrite = 512;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Cached vectors of the requested texts. */
interface Found {
  /** 0 when there is no file yet. */
  readonly dimensions: number;
  /** By hex SHA-256 of the text. */
  readonly vectors: Map<string, Float32Array>;
}

/** Size of a record in bytes. */
const recordBytes = (dimensions: number): number => keyBytes + 4 * dimensions + 4;

function takeRecords(buffer: Buffer, dimensions: number, wanted: ReadonlySet<string>, found: Found): number {
  const size = recordBytes(dimensions);
  let start = 0;
  for (; start + size <= buffer.length; start += size) {
    const body = buffer.subarray(start, start + size - 4);
    if (crc32(body) !== buffer.readUInt32LE(start + size - 4)) break;
    const key = body.toString('hex', 0, keyBytes);
    if (!wanted.has(key)) continue;
    const vector = new Float32Array(dimensions);
    for (let k = 0; k < dimensions; k++) vector[k] = body.readFloatLE(keyBytes + 4 * k);
    found.vectors.set(key, vector);
  }
  return start;
}

const nothing = (): Found => ({ dimensions: 0, vectors: new Map() });

/** Reads the wanted records, and truncates the file at the first damaged one. */
async function readFound(path: string, wanted: ReadonlySet<string>): Promise<Found> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return nothing();
  try {
    const head = Buffer.alloc(headBytes);
    await file.read(head, 0, headBytes, 0);
    const dimensions = head.readUInt32LE(magic.length);
    if (head.toString('latin1', 0, magic.length) !== magic || dimensions === 0) {
      await truncate(path, 0);
      return nothing();
    }
    const found: Found = { dimensions, vectors: new Map() };
    const buffer = Buffer.alloc(recordsPerRead * recordBytes(dimensions));
    for (let at = headBytes; ; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return found;
      const taken = takeRecords(buffer.subarray(0, bytesRead), dimensions, wanted, found);
      at += taken;
      if (taken < bytesRead) {
        await truncate(path, at);
        return found;
      }
    }
  } finally {
    await file.close();
  }
}

/** Appends vectors in one write. */
async function append(
  path: string,
  keys: readonly string[],
  { dimensions, rows }: TextVectors,
  isNew: boolean,
) {
  const parts: Buffer[] = [];
  if (isNew) {
    const head = Buffer.alloc(headBytes);
    head.write(magic, 'latin1');
    head.writeUInt32LE(dimensions, magic.length);
    parts.push(head);
  }
  for (const [row, key] of keys.entries()) {
    const record = Buffer.alloc(recordBytes(dimensions));
    record.write(key, 'hex');
    for (let k = 0; k < dimensions; k++) record.writeFloatLE(rows[row * dimensions + k], keyBytes + 4 * k);
    record.writeUInt32LE(crc32(record.subarray(0, -4)), record.length - 4);
    parts.push(record);
  }
  await appendFile(path, Buffer.concat(parts));
}

/** Encodes and stores missing texts part by part; null when the vectors differ in length from the cached ones. */
async function addMissing(
  encoder: DocumentEncoder,
  path: string,
  missing: ReadonlyMap<string, string>,
  found: Found,
  signal: AbortSignal,
): Promise<Found | null> {
  const entries = [...missing];
  let { dimensions } = found;
  for (let start = 0; start < entries.length; start += textsPerWrite) {
    const part = entries.slice(start, start + textsPerWrite);
    const encoded = await encoder.encode(
      part.map(([, text]) => text),
      signal,
    );
    if (dimensions !== 0 && dimensions !== encoded.dimensions) return null;
    await append(
      path,
      part.map(([key]) => key),
      encoded,
      dimensions === 0,
    );
    dimensions = encoded.dimensions;
    for (const [row, [key]] of part.entries())
      found.vectors.set(key, encoded.rows.subarray(row * dimensions, (row + 1) * dimensions));
  }
  return { dimensions, vectors: found.vectors };
}

/**
 * Adds a persistent cache to an encoder: texts encoded before, in this process or an earlier one, are read from a file in
 * the folder. The file can be deleted at any time.
 */
export function withVectorCache(encoder: DocumentEncoder, folder: string): DocumentEncoder {
  const path = join(folder, `${sha256(encoder.name).toString('hex').slice(0, 16)}.vectors`);
  async function encode(texts: readonly string[], signal: AbortSignal): Promise<TextVectors> {
    await mkdir(folder, { recursive: true });
    const keys = texts.map(text => sha256(text).toString('hex'));
    const read = await readFound(path, new Set(keys));
    const missing = new Map(
      keys.map((key, index) => [key, texts[index]] as const).filter(([key]) => !read.vectors.has(key)),
    );
    const all = await addMissing(encoder, path, missing, read, signal);
    if (all === null) {
      // Another model has the same name now: the cached vectors are useless.
      await truncate(path, 0);
      return encode(texts, signal);
    }
    const rows = new Float32Array(texts.length * all.dimensions);
    for (const [index, key] of keys.entries()) rows.set(all.vectors.get(key) ?? [], index * all.dimensions);
    return { dimensions: all.dimensions, rows };
  }
  return { name: encoder.name, encode };
}
