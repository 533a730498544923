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
