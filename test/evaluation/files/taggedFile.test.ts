import { readTaggedFile } from '../../../src/evaluation/files/taggedFile';
import { lineSourceOf } from '../../support/lineSource';

const source = lineSourceOf('kind,title,about\nfruit,Apple,red\nbook,Novel,\nfruit,Pear,green');
const request = {
  textColumns: ['title', 'about'],
  categoryColumn: 'kind',
  part: 'all',
  limit: undefined,
} as const;

describe('readTaggedFile', () => {
  it('keeps the category apart from the texts of a product', async () => {
    const { snapshot, categories, categoryNames } = await readTaggedFile(source, request);
    expect([[...categories], categoryNames]).toEqual([
      [0, 1, 0],
      ['fruit', 'book'],
    ]);
    expect(snapshot.documents?.map(document => document?.descriptions)).toEqual([
      ['Apple', 'red'],
      ['Novel'],
      ['Pear', 'green'],
    ]);
    expect(JSON.stringify(snapshot.documents)).not.toContain('fruit');
  });

  it.each([
    ['odd', undefined, 2],
    ['even', undefined, 1],
    ['all', 2, 2],
  ] as const)('reads %s rows, at most %s', async (part, limit, count) => {
    const { categories } = await readTaggedFile(source, { ...request, part, limit });
    expect(categories).toHaveLength(count);
  });

  it('refuses a file without rows', async () => {
    const empty = readTaggedFile(lineSourceOf('kind,title,about'), request);
    await expect(empty).rejects.toMatchObject({ code: 'EVALUATION_INVALID' });
  });
});
