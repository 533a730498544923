import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createIdTables, type PairsForm, readPairsFile } from '../../src/main/commands/evaluate/pairsFile';

const folder = mkdtempSync(join(tmpdir(), 'affinity-pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

async function read(content: string | Uint8Array, form: PairsForm = 'items-by-user'): Promise<string> {
  const path = join(folder, `pairs${files++}.txt`);
  writeFileSync(path, content);
  const tables = createIdTables();
  const { user, product } = await readPairsFile(path, form, tables);
  return Array.from(
    user,
    (row, index) => `${tables.users.ids[row]}:${tables.products.ids[product[index]]}`,
  ).join(' ');
}

describe('readPairsFile', () => {
  it.each([
    ['blanks', 'u a b\nv c\n'],
    ['several blanks, also at the ends', '  u  a   b \nv c'],
    ['tabs', 'u\ta\tb\nv\tc\n'],
    ['commas', 'u,a,b\nv,c\n'],
    ['commas and blanks', 'u, a, b\nv, c\n'],
    ['semicolons', 'u;a;b\nv;c\n'],
    ['CRLF, blank lines and a byte order mark', '\ufeffu a b\r\n\r\nv c\r\n\r\n'],
    ['a user without items', 'w\nu a b\nv c\n'],
    ['a user who comes again', 'u a\nu b\nv c'],
  ])('takes %s', async (_name, content) => {
    expect(await read(content)).toBe('u:a u:b v:c');
  });

  it('unzips by content, not by name', async () => {
    expect(await read(gzipSync('u a b\nv c\n'))).toBe('u:a u:b v:c');
  });

  it('keeps ids that other delimiters are part of', async () => {
    expect(await read('u 1\tred, large\tbig;1\n')).toBe('u 1:red, large u 1:big;1');
  });

  it('reads letters that are cut between two chunks', async () => {
    const long = `${'杯子'.repeat(20_000)}`;
    expect(await read(`u ${long} ü\n`)).toBe(`u:${long} u:ü`);
  });

  it('takes sequences as pairs a line or as one line a user', async () => {
    expect(await read('u b\nv c\nu a\nu b\n', 'sequences')).toBe('u:b v:c u:a u:b');
    expect(await read('u b a b\nv c d\n', 'sequences')).toBe('u:b u:a u:b v:c v:d');
  });

  it.each<[string, string | Uint8Array, PairsForm, RegExp]>([
    ['nothing', '', 'items-by-user', /txt: Expected lines with a user and an item; got none\. Give/],
    [
      'users without items',
      'u\nv\n',
      'items-by-user',
      /txt: Expected lines with a user and an item; got none\./,
    ],
    ['an empty field', 'u,a\nu,,b\n', 'items-by-user', /txt:2: Expected no empty field; got one\. Remove/],
    ['a third column', 'u a\nu b 5\n', 'sequences', /txt:2: Expected two fields \(user item\); got 3\. Keep/],
    ['a column missing', 'u a\nu\n', 'sequences', /txt:2: Expected two fields \(user item\); got 1\./],
    [
      'ratings',
      'u a 5\nu b 3\n',
      'sequences',
      /txt:2: Expected each user on one line .* If the columns are user, item, rating/,
    ],
    [
      'other bytes than UTF-8',
      Uint8Array.of(117, 32, 0xff, 10),
      'items-by-user',
      /Expected UTF-8; got other bytes\. Convert/,
    ],
    [
      'a zip that was cut',
      gzipSync('u a\n'.repeat(999)).subarray(0, 30),
      'items-by-user',
      /Expected a whole file; got Z_BUF_ERROR\./,
    ],
  ])('refuses %s with file and line', async (_name, content, form, message) => {
    await expect(read(content, form)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a file that is not there', async () => {
    await expect(readPairsFile('/nowhere/at/all', 'sequences', createIdTables())).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message:
        '/nowhere/at/all: Expected a file that can be read; got ENOENT. Check the path and who may read it.',
    });
  });
});
