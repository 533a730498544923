import { rememberTexts } from '../../../src/serving/interestTags/rememberedTexts';
import { fakeTags } from '../../support/fakeTags';

it('reads a short text once, and answers as the tags do', () => {
  const asked: string[] = [];
  const tags = {
    ...fakeTags,
    tagsOfText(texts: readonly string[]) {
      asked.push(...texts);
      return fakeTags.tagsOfText(texts);
    },
  };
  const long = 'garden '.repeat(20);
  for (let time = 0; time < 2; time++) {
    const remembering = rememberTexts(tags);
    for (const text of ['garden', 'nothing', long]) {
      expect(remembering.tagsOfText([text])).toEqual(fakeTags.tagsOfText([text]));
    }
    expect(remembering.tagsOfText(['a ball', 'garden'])).toEqual(fakeTags.tagsOfText(['a ball', 'garden']));
  }
  expect(asked).toEqual(['garden', 'nothing', long, 'a ball', 'garden', long, 'a ball', 'garden']);
});
