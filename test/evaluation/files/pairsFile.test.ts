import { createIdTables } from '../../../src/evaluation/files/idTables';
import { type PairsForm, readPairsFile } from '../../../src/evaluation/files/pairsFile';
import { lineSourceOf } from '../../support/lineSource';

async function read(content: string, form: PairsForm = 'items-by-user'): Promise<string> {
  const tables = createIdTables();
  const { user, product } = await readPairsFile(lineSourceOf(content), form, tables);
  return Array.from(
    user,
    (row, index) => `${tables.users.ids[row]}:${tables.products.ids[product[index]]}`,
  ).join(' ');
}

describe('readPairsFile', () => {
  it.each([
    ['spaces', 'u a b\nv c\n'],
    ['repeated spaces, also at the ends', '  u  a   b \nv c'],
    ['tabs', 'u\ta\tb\nv\tc\n'],
    ['commas', 'u,a,b\nv,c\n'],
    ['commas and spaces', 'u, a, b\nv, c\n'],
    ['semicolons', 'u;a;b\nv;c\n'],
    ['CRLF, blank lines and a byte order mark', '\ufeffu a b\r\n\r\nv c\r\n\r\n'],
    ['a user without items', 'w\nu a b\nv c\n'],
    ['a user on several lines', 'u a\nu b\nv c'],
  ])('reads %s', async (_name, content) => {
    expect(await read(content)).toBe('u:a u:b v:c');
  });

  it('keeps ids that contain other delimiters', async () => {
    expect(await read('u 1\tred, large\tbig;1\n')).toBe('u 1:red, large u 1:big;1');
  });

  it('reads sequences as one pair per line or as one line per user', async () => {
    expect(await read('u b\nv c\nu a\nu b\n', 'sequences')).toBe('u:b v:c u:a u:b');
    expect(await read('u b a b\nv c d\n', 'sequences')).toBe('u:b u:a u:b v:c v:d');
  });

  it('reads a first line with one item as a sequence if the form is sequences', async () => {
    expect(await read('u b\nv c d\n', 'sequence-lines')).toBe('u:b v:c v:d');
  });

  it.each<[string, string, PairsForm, RegExp]>([
    ['nothing', '', 'items-by-user', /txt: Expected lines with a user and an item; got none\. Use/],
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
  ])('refuses %s with file and line', async (_name, content, form, message) => {
    await expect(read(content, form)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });
});
