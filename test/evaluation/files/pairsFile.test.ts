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

  it.each<[string, string, PairsForm]>([
    ['a header', 'user_id,item_id\nu,a\nu,b\nv,c', 'sequences'],
    ['a header of RecBole', 'session_id:token\titem_id_list:token_seq\nu\ta\tb\nv\tc', 'items-by-user'],
    ['a header that is repeated', 'user item\nu a\nu b\nuser item\nv c', 'sequences'],
  ])('skips %s', async (_name, content, form) => {
    expect(await read(content, form)).toBe('u:a u:b v:c');
  });

  it('reads quoted fields, also in the first line', async () => {
    expect(await read('"Smith, J",a\n"x ""y""",b\nv,"c, d"', 'sequences')).toBe('Smith, J:a x "y":b v:c, d');
    expect(await read('"a; b",c\nv,"d"', 'sequences')).toBe('a; b:c v:d');
  });

  it.each<[string, string, PairsForm, RegExp]>([
    [
      'a header of other columns',
      'user,item,rating\nu,a,5\nv,b,4',
      'sequences',
      /got the header user, item, rating/,
    ],
    ['a header in another order', 'item_id,user_id\na,u', 'sequences', /got the header item_id, user_id/],
    ['a header of unknown words', 'kunde,ware\n1,2\n1,3', 'sequences', /got what looks like a header/],
    ['an id that a spreadsheet shortened', '1.6105E+18,a\n', 'sequences', /got 1\.6105E\+18/],
    ['CR within a line', 'u a\rv b\n', 'items-by-user', /an id without control characters/],
    ['an open quote', '"u,a\nv,b', 'sequences', /got a wrong quote/],
    ['a tab before the first id', 'u\ta\n\tb', 'items-by-user', /file.txt:2: Expected no empty field/],
  ])('refuses %s', async (_name, content, form, message) => {
    await expect(read(content, form)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
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
