import type { InterestTags, TagWeight } from '../../insights/interestTags/tags';
import { createLru } from '../live/lru';

/** Texts whose tags are remembered, an artifact: searches repeat, and a word the shop never saw is dear to look up. */
const rememberedTexts = 10_000;
/** Longer ones are not remembered: posts hardly repeat. */
const longestRemembered = 100;

const known = new WeakMap<InterestTags, InterestTags>();

function remembering(tags: InterestTags): InterestTags {
  const byText = createLru<string, readonly TagWeight[]>(rememberedTexts);
  return {
    ...tags,
    tagsOfText(texts) {
      if (texts.length !== 1 || texts[0].length > longestRemembered) return tags.tagsOfText(texts);
      const [text] = texts;
      const found = byText.get(text) ?? tags.tagsOfText(texts);
      byText.set(text, found);
      return found;
    },
  };
}

/** The same tags, which remember what short texts say; whose they were is not kept. One memory for as long as they serve. */
export function rememberTexts(tags: InterestTags): InterestTags {
  const found = known.get(tags) ?? remembering(tags);
  known.set(tags, found);
  return found;
}
