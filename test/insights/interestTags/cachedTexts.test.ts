import { withCachedTexts } from '../../../src/insights/interestTags/cachedTexts';
import { fakeLookups } from '../../support/fakeTags';

it('looks a short text up once, and returns what the lookups return', () => {
  const asked: string[] = [];
  const tags = withCachedTexts({
    ...fakeLookups,
    tagsOfText(texts: readonly string[]) {
      asked.push(...texts);
      return fakeLookups.tagsOfText(texts);
    },
  });
  const long = 'garden '.repeat(20);
  for (let time = 0; time < 2; time++) {
    for (const text of ['garden', 'nothing', long])
      expect(tags.tagsOfText([text])).toEqual(fakeLookups.tagsOfText([text]));
    expect(tags.tagsOfText(['a ball', 'garden'])).toEqual(fakeLookups.tagsOfText(['a ball', 'garden']));
  }
  expect(asked).toEqual(['garden', 'nothing', long, 'a ball', 'garden', long, 'a ball', 'garden']);
});
