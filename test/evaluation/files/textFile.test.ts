import { readTextFile } from '../../../src/evaluation/files/textFile';
import { lineSourceOf } from '../../support/lineSource';

const columns = { item: 'id', text: ['title', 'about'], category: 'kind' };

describe('readTextFile', () => {
  it.each([
    ['JSON by item', '{"a": {"title": "Cup", "about": "", "kind": ["Home", "Tea"]}}'],
    ['a JSON array', '\n[{"id": "a", "title": "Cup", "kind": "Home > Tea"}]'],
    ['columns', 'id,title,about,kind\na,Cup,,Home|Tea\na,Other,,None\nb,,,'],
  ])('reads %s', async (_, text) => {
    const documents = await readTextFile(lineSourceOf(text), columns);
    expect([...documents.keys()]).toEqual(['a']);
    expect(documents.get('a')).toMatchObject({
      titles: ['Cup'],
      descriptions: [],
      categoryPath: ['Home', 'Tea'],
    });
  });

  it('reads a bare text by item as the title', async () => {
    const documents = await readTextFile(lineSourceOf('{"a": "Cup"}'), columns);
    expect(documents.get('a')?.titles).toEqual(['Cup']);
  });

  it.each([
    ['broken JSON', '{"a": ', /Expected JSON; got something else/],
    [
      'an object without its item',
      '[{"title": "Cup"}]',
      /Expected a id in every object; got none in object 1/,
    ],
    ['texts that are all blank', '{"a": {"title": " "}}', /Expected texts in title, about; got none/],
    ['no column of that name', 'id,name\na,Cup', /Expected a column named title; got id, name/],
  ])('refuses %s', async (_, text, message) => {
    await expect(readTextFile(lineSourceOf(text), columns)).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
      message: expect.stringMatching(message),
    });
  });
});
