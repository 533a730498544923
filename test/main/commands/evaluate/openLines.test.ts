import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openLines } from '../../../../src/main/commands/evaluate/openLines';

const folder = mkdtempSync(join(tmpdir(), 'affinity-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'lines.txt');

async function read(content: string | Uint8Array): Promise<readonly string[]> {
  writeFileSync(path, content);
  const lines: string[] = [];
  for await (const { number, text } of openLines(path)) lines.push(`${number} ${text}`);
  return lines;
}

describe('openLines', () => {
  it('numbers the lines from 1, with or without a line end after the last', async () => {
    expect(await read('a\n\nb\n')).toEqual(['1 a', '2 ', '3 b']);
    expect(await read('a\n\nb')).toEqual(['1 a', '2 ', '3 b']);
  });

  it('recognizes gzip by content, not by name', async () => {
    expect(await read(gzipSync('a\nb\n'))).toEqual(['1 a', '2 b']);
  });

  it('reads characters whose bytes lie in two chunks', async () => {
    const long = '杯子'.repeat(20_000);
    expect(await read(`u ${long} ü\n`)).toEqual([`1 u ${long} ü`]);
  });

  it('starts again at the first line with each iteration', async () => {
    writeFileSync(path, 'a\nb\n');
    const source = openLines(path);
    for await (const { text } of source) {
      expect(text).toBe('a');
      break;
    }
    const texts: string[] = [];
    for await (const { text } of source) texts.push(text);
    expect(texts).toEqual(['a', 'b']);
  });

  it('reads a gzip of several members with bytes after its end', async () => {
    expect(await read(Buffer.concat([gzipSync('a\nb'), gzipSync('c\n'), Buffer.from('\r\n')]))).toEqual([
      '1 a',
      '2 bc',
    ]);
  });

  it.each([
    ['a folder', folder, 'a directory'],
    ['an endless device', '/dev/zero', 'a device'],
  ])('refuses %s', async (_name, other, reason) => {
    const take = async () => {
      for await (const _ of openLines(other));
    };
    await expect(take()).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringContaining(`got ${reason}.`),
    });
  });

  it('stops when it is cancelled', async () => {
    writeFileSync(path, 'a\n');
    const take = async () => {
      for await (const _ of openLines(path, AbortSignal.abort()));
    };
    await expect(take()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['lines that end with CR alone', 'u,i\ru,j\r', /got lines that end with CR alone/],
    [
      'bytes that are not UTF-8',
      Uint8Array.of(117, 32, 0xff, 10),
      /Expected UTF-8; got other bytes\. Convert/,
    ],
    [
      'a truncated gzip file',
      gzipSync('u a\n'.repeat(999)).subarray(0, 30),
      /lines\.txt: after line 0: Expected a whole file; got Z_BUF_ERROR\./,
    ],
  ])('refuses %s', async (_name, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a file that does not exist', async () => {
    const next = openLines('/nowhere/at/all')[Symbol.asyncIterator]().next();
    await expect(next).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message:
        '/nowhere/at/all: Expected a file that can be read; got ENOENT. Check the path and who may read it.',
    });
  });
});
