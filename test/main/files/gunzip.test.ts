import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gunzip } from '../../../src/main/files/gunzip';

async function* inParts(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Decompresses bytes that arrive in parts; also returns the bytes after the last member, and the failure. */
async function read(bytes: Uint8Array, length = 7) {
  const parts: Uint8Array[] = [];
  let tail = 0;
  let code: unknown = null;
  try {
    for await (const part of gunzip(inParts(bytes, length), count => {
      tail = count;
    }))
      parts.push(part);
  } catch (error) {
    code = Object(error).code;
  }
  return { text: Buffer.concat(parts).toString(), tail, code };
}

const lines = Array.from({ length: 400 }, (_, n) => `${n},${(n * 7919) % 1000}\n`).join('');
const whole = gzipSync(lines);
const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

/** A member with every optional part of the header. */
function decorated(): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 65, 66]);
  return join(header, Buffer.from('name\0a comment\0'), Buffer.from([0, 0]), whole.subarray(10));
}

describe('gunzip', () => {
  it.each([
    ['a plain file', whole, lines, 0],
    ['an empty file in gzip', gzipSync(''), '', 0],
    ['several members', join(whole, gzipSync(''), whole), lines + lines, 0],
    ['zeros after the trailer', join(whole, Buffer.alloc(1_000)), lines, 0],
    ['a line end after the trailer', join(whole, Buffer.from('\r\n')), lines, 2],
    ['other bytes after the trailer', join(whole, Buffer.from('x'.repeat(5_000))), lines, 5_000],
    [
      'zeros and a second member, which gzip ignores',
      join(whole, Buffer.alloc(4), whole),
      lines,
      4 + whole.length,
    ],
    ['a header with extra data, name, comment and checksum', decorated(), lines, 0],
  ])('reads %s, however it is cut', async (_case, bytes, text, tail) => {
    for (const length of [1, 2, 7, 18, 64, 1_000_000])
      expect(await read(bytes, length)).toEqual({ text, tail, code: null });
  });

  it.each([
    ['a truncated member', whole.subarray(0, -20)],
    ['a truncated trailer', whole.subarray(0, -3)],
    ['a truncated second member', join(whole, whole.subarray(0, 40))],
    [
      'a second member with a damaged header',
      join(whole, Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9])),
    ],
    ['a wrong checksum', Buffer.from(whole).fill(0, whole.length - 8, whole.length - 4)],
    ['a wrong length', Buffer.from(whole).fill(1, whole.length - 4)],
    ['a header alone', whole.subarray(0, 5)],
  ])('fails on %s after the intact part', async (_case, bytes) => {
    for (const length of [3, 1_000_000]) {
      const { text, code } = await read(bytes, length);
      expect(code).toMatch(/^Z_/);
      expect(`${lines}${lines}`.startsWith(text)).toBe(true);
    }
  });

  it('returns what zlib returns for large random data', async () => {
    const bytes = gzipSync(randomBytes(3_000_000).toString('hex'));
    expect((await read(bytes, 65_536)).text).toBe(gunzipSync(bytes).toString());
  });

  it('passes on a failure to read the file', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield whole.subarray(0, 100);
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    }
    const take = async () => {
      for await (const _ of gunzip(failing()));
    };
    await expect(take()).rejects.toMatchObject({ code: 'EIO' });
  });
});
