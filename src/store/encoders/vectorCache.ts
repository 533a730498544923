// Vectors kept in a file, so that a text is paid for once. A file an encoder: a head, then records that are only ever
// appended: SHA-256 of the text, its vector, CRC-32 of both. Texts themselves are not kept. A record that was cut short
// by a crash, and whatever follows it, is dropped at the next reading.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DocumentEncoder, TextVectors } from '../ports/vector';

const magic = 'AFFVEC1\n';
const headBytes = magic.length + 4;
const keyBytes = 32;
/** Records read at a time. */
const recordsAtOnce = 1024;
/** Texts encoded between two writings: what a broken run has to pay again. */
const textsAtOnce = 512;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What a file holds of the texts asked for. */
interface Found {
  /** 0 when there is no file yet. */
  readonly dimensions: number;
  /** By hex SHA-256 of the text. */
  readonly vectors: Map<string, Float32Array>;
}

/** Bytes of a record's parts. */
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

/** Reads what is wanted, and cuts off what is damaged. */
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
    const buffer = Buffer.alloc(recordsAtOnce * recordBytes(dimensions));
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

/** Appends vectors, in one writing. */
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

/** Encodes what is missing and keeps it, a part at a time; null when vectors are of another length than those kept. */
async function addMissing(
  encoder: DocumentEncoder,
  path: string,
  missing: ReadonlyMap<string, string>,
  found: Found,
  signal: AbortSignal,
): Promise<Found | null> {
  const entries = [...missing];
  let { dimensions } = found;
  for (let start = 0; start < entries.length; start += textsAtOnce) {
    const part = entries.slice(start, start + textsAtOnce);
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
 * The encoder with a memory: texts it has seen before, in this process or an earlier one, are read from a file in the
 * folder. The file can be deleted at any time.
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
      // Another model answers under the same name: what was kept is of no use beside it.
      await truncate(path, 0);
      return encode(texts, signal);
    }
    const rows = new Float32Array(texts.length * all.dimensions);
    for (const [index, key] of keys.entries()) rows.set(all.vectors.get(key) ?? [], index * all.dimensions);
    return { dimensions: all.dimensions, rows };
  }
  return { name: encoder.name, encode };
}
