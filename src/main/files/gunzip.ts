import { once } from 'node:events';
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';

const chunkSize = 262_144;
const magic = [0x1f, 0x8b] as const;
/** Flags of a member's header (RFC 1952, section 2.3.1). */
const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Returns whether bytes begin as gzip does. */
export const startsAsGzip = (bytes: Uint8Array): boolean => bytes[0] === magic[0] && bytes[1] === magic[1];

/** Reads bytes of a stream one after the other, and takes back what was read too far. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Returns the next bytes, at least one; null at the end. */
  async next(): Promise<Uint8Array | null> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = new Uint8Array(0);
      return rest;
    }
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done) return null;
      if (value.length > 0) return value;
    }
  }

  /** Returns the next `count` bytes, or all that are left. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    for (let length = 0; length < count; ) {
      const chunk = await this.next();
      if (chunk === null) return taken.subarray(0, length);
      const used = chunk.subarray(0, count - length);
      taken.set(used, length);
      length += used.length;
      this.unread(chunk.subarray(used.length));
    }
    return taken;
  }

  unread(bytes: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? bytes : join(bytes, this.#rest);
  }
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

/** An error with a code of zlib, as its streams throw. */
const damaged = (message: string): Error => Object.assign(new Error(message), { code: 'Z_DATA_ERROR' });

async function skipText(bytes: ByteReader): Promise<void> {
  for (;;) {
    const [byte] = await bytes.take(1);
    if (byte === undefined) throw damaged('The header of the gzip is truncated.');
    if (byte === 0) return;
  }
}

async function skipHeader(bytes: ByteReader): Promise<void> {
  const head = await bytes.take(10);
  const [, , method, flag] = head;
  if (head.length < 10 || !startsAsGzip(head) || method !== 8 || flag & flags.reserved)
    throw damaged('The header of the gzip is damaged.');
  if (flag & flags.extra) {
    const [low, high] = await bytes.take(2);
    await bytes.take(low + high * 256);
  }
  if (flag & flags.name) await skipText(bytes);
  if (flag & flags.comment) await skipText(bytes);
  if (flag & flags.headerChecksum) await bytes.take(2);
}

/** Writes bytes to `inflate` until the compressed data end, and gives back the bytes after them. */
async function feed(inflate: InflateRaw, bytes: ByteReader): Promise<void> {
  // Its promise rejects when the data are damaged, which the reader of `inflate` reports.
  const closed = once(inflate, 'close').catch(() => undefined);
  for (let given = 0; ; ) {
    const chunk = await bytes.next();
    if (chunk === null) {
      inflate.end();
      return;
    }
    // Bytes after the data are never acknowledged.
    await Promise.race([new Promise(resolve => void inflate.write(chunk, resolve)), closed]);
    const used = inflate.bytesWritten - given;
    if (used < chunk.length) {
      bytes.unread(chunk.subarray(used));
      return;
    }
    given += chunk.length;
  }
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

async function* inflateMember(bytes: ByteReader): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize });
  const feeding = feed(inflate, bytes);
  // A failure to read the file ends the reading below as well.
  feeding.catch(error => inflate.destroy(error));
  let checksum = 0;
  let length = 0;
  for await (const chunk of inflate) {
    checksum = crc32(chunk, checksum);
    length = (length + chunk.length) >>> 0;
    yield chunk;
  }
  await feeding;
  const trailer = await bytes.take(8);
  if (trailer.length < 8) throw damaged('The end of the gzip is missing.');
  if (wordAt(trailer, 0) !== checksum || wordAt(trailer, 4) !== length)
    throw damaged('The checksum of the gzip is wrong.');
}

/** Counts the bytes that are left; 0 when all of them are zero, which tapes and disks add. */
async function tailOf(bytes: ByteReader): Promise<number> {
  let count = 0;
  let isZero = true;
  for (let chunk = await bytes.next(); chunk !== null; chunk = await bytes.next()) {
    count += chunk.length;
    isZero &&= chunk.every(byte => byte === 0);
  }
  return isZero ? 0 : count;
}

/**
 * Decompresses gzip as `gzip -d` does: one member or several, each with its checksum. Bytes after the last member that do
 * not begin another one (zeros, a line end that a transfer in text mode added) are no data. Node's own Gunzip fails at them,
 * and loses what it had decompressed.
 *
 * @param onTail - called with the number of such bytes, unless all are zero
 * @throws with a `code` of zlib (`Z_…`) when it is damaged or truncated, after the intact part was yielded
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  onTail: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(chunks);
  for (let isFirst = true; ; isFirst = false) {
    const start = await bytes.take(2);
    bytes.unread(start);
    if (!isFirst && !startsAsGzip(start)) break;
    await skipHeader(bytes);
    yield* inflateMember(bytes);
  }
  const tail = await tailOf(bytes);
  if (tail > 0) onTail(tail);
}
