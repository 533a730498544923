import { recordsOf } from '../../../src/evaluation/files/recordsFile';
import { lineSourceOf } from '../../support/lineSource';

const roles = ['user', 'item', 'rating'] as const;

async function read(text: string, named: ReadonlyMap<string, string> = new Map()) {
  const records: string[] = [];
  for await (const { place, values } of recordsOf(lineSourceOf(text), { roles, requiredRoles: 2, named }))
    records.push(`${place} ${values.join('|')}`);
  return records;
}

describe('recordsOf', () => {
  it.each([
    ['::', 'u::i::5'],
    ['tabs', 'u\ti\t5'],
    ['semicolons', 'u;i;5'],
    ['commas', 'u,i,5'],
    ['repeated spaces', 'u  i 5'],
  ])('splits at %s', async (_, line) => {
    expect(await read(`${line}\n\n${line}\r`)).toEqual(['file.txt:1 u|i|5', 'file.txt:3 u|i|5']);
  });

  it('reads quoted fields over several lines, and skips a header', async () => {
    expect(await read('userId,item,rating\nu,"a, ""b""\nc",1')).toEqual(['file.txt:2 u|a, "b"\nc|1']);
  });

  it.each([
    ['commas', '"Smith, J",B1,5\nu,B2,4', ['file.txt:1 Smith, J|B1|5', 'file.txt:2 u|B2|4']],
    ['another delimiter', '"a; b",B1,5\nu,B2,4', ['file.txt:1 a; b|B1|5', 'file.txt:2 u|B2|4']],
    ['a line end', '"a\nb",B1,5\nu,B2,4', ['file.txt:1 a\nb|B1|5', 'file.txt:3 u|B2|4']],
    ['quotes', '"a ""b""; c";B1;5\nu;B2;4', ['file.txt:1 a "b"; c|B1|5', 'file.txt:2 u|B2|4']],
    ['a header in quotes', '"user","item, no","stars"\nu,B2,4', ['file.txt:2 u|B2|4']],
  ])('cuts the first line as all others, with %s in it', async (_, text, records) => {
    expect(await read(text)).toEqual(records);
  });

  it.each([
    ['another item', 'user,item,rating,item', 'one column that can be the item'],
    ['another id of the user', 'user_id,item_id,rating,note,customer', 'got user_id, customer'],
    ['the same, in quotes', '"user";"item";"stars";"sku"', 'one column that can be the item'],
  ])('refuses a header that names a role again behind the columns: %s', async (_, header, message) => {
    const line = header.includes(';') ? 'u;i;5;j' : 'u,i,5,j,k'.slice(0, 2 * header.split(',').length - 1);
    await expect(read(`${header}\n${line}`)).rejects.toThrow(message);
    const named = new Map([
      ['user', '1'],
      ['item', '2'],
    ]);
    expect(await read(`${header}\n${line}`, named)).toEqual(['file.txt:2 u|i|']);
  });

  it('skips a header that is repeated, as in files that were joined', async () => {
    expect(await read('user,item,rating\nu,i,5\nuser,item,rating\nv,i,4')).toEqual([
      'file.txt:2 u|i|5',
      'file.txt:4 v|i|4',
    ]);
  });

  it.each([
    [
      'a column without a name',
      ',user,item\n0,u,i',
      /the column user at place 1; got a column without a name/,
    ],
    ['columns in another order', 'item_id,user_id,rating\ni,u,5', /the column user at place 1; got item_id/],
    ['another column in between', 'userId,rating,itemId\nu,5,i', /the column item at place 2; got rating/],
    ['a header of unknown words', 'kunde,ware,note\n1,2,5', /got what looks like a header/],
    [
      'lines of different length between blanks',
      'u i 5\nu the item 4',
      /file.txt:2: Expected 3 columns; got 4/,
    ],
    ['an open quote', '"u,i,5\nv,i,4', /got QUOTE_UNBALANCED/],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      'one of two columns of a name',
      'sku,user,SKU,sku\na,u,b,c',
      'sku',
      /one column named sku; got 2 columns/,
    ],
    ['columns that differ in case only', 'Sku,user,SKU\na,u,b', 'sku', /one column named sku; got 2 columns/],
  ])('refuses to choose %s', async (_, text, item, message) => {
    const named = new Map([
      ['user', 'user'],
      ['item', item],
    ]);
    await expect(read(text, named)).rejects.toThrow(message);
  });

  it.each([
    ['two names of the shopper', 'user,item,rating,customer\nu,i,5,v', /can be the user; got user, customer/],
    ['a name that is repeated', 'user;item;rating;item\nu;i;5;j', /can be the item; got item, item/],
    ['two names of the stars', 'user_id\titem_id\tstars\tscore\nu\ti\t5\t4', /can be the rating/],
  ])('refuses to choose one of %s where no column is named', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it.each(['1', 'who'])('refuses the column %s for two roles', async column => {
    const named = new Map([
      ['user', column],
      ['item', column],
    ]);
    await expect(read('who,sku\nu,i', named)).rejects.toThrow(/a column of its own for each role/);
  });

  it('prefers the column of exactly the given name', async () => {
    const named = new Map([
      ['user', 'user'],
      ['item', 'SKU'],
    ]);
    expect(await read('sku,user,SKU\na,u,b', named)).toEqual(['file.txt:2 u|b|']);
  });

  it('finds columns by header or number; the others are empty', async () => {
    const named = new Map([
      ['user', 'Customer'],
      ['item', '1'],
    ]);
    expect(await read('code,stars,customer\ni,5,u', named)).toEqual(['file.txt:2 u|i|']);
  });

  it.each([
    ['a missing column', 'u\nv', new Map<string, string>(), /Expected columns user, item; got 1 columns/],
    [
      'an unknown role',
      'u,i',
      new Map([['who', '1']]),
      /Expected --columns among user, item, rating; got who/,
    ],
    ['an unknown header', 'a,b', new Map([['user', 'c']]), /Expected a column named c; got a, b/],
    ['a role without a column', 'a,b', new Map([['user', 'a']]), /no item in --columns/],
  ])('refuses %s', async (_, text, named, message) => {
    await expect(read(text, named)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });
});
