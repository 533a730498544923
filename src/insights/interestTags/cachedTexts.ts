import { createLru } from '../../numeric/lru';
import type { TagLookups, TagWeight } from './reading';

/** Texts cached per artifact: searches repeat, and unknown words are expensive to look up. */
const maxCachedTexts = 10_000;
/** Longer texts are not cached: posts hardly repeat. In UTF-16 code units. */
const maxCachedLength = 100;

/** The same lookups with a cache of the tags of short texts. The cache does not hold who wrote a text. */
export function withCachedTexts(tags: TagLookups): TagLookups {
  const byText = createLru<string, readonly TagWeight[]>(maxCachedTexts);
  return {
    ...tags,
    tagsOfText(texts) {
      if (texts.length !== 1 || texts[0].length > maxCachedLength) return tags.tagsOfText(texts);
      const [text] = texts;
      const found = byText.get(text) ?? tags.tagsOfText(texts);
      byText.set(text, found);
      return found;
    },
  };
}
