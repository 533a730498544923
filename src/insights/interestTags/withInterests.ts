import { pause } from '../../numeric/pause';
import { withCachedTexts } from './cachedTexts';
import { defaultInterestConfig, interestsOf } from './interests';
import type { InterestEvent, InterestTags, TagLookups } from './reading';

/** Texts looked up without a pause. */
const textsAtOnce = 4;

/** Looks up the texts of events, so that their tags are cached; other work runs in between. */
async function lookUpTexts(tags: TagLookups, events: readonly InterestEvent[]): Promise<void> {
  const texts = events.flatMap(({ productId, text }) =>
    text && (productId === undefined || tags.tagsOfProduct(productId).length === 0) ? [text] : [],
  );
  for (const [at, text] of texts.entries()) {
    tags.tagsOfText([text]);
    if (at % textsAtOnce === textsAtOnce - 1) await pause();
  }
}

/** Lookups of an artifact, with a cache of texts and with the interests of shoppers. */
export function withInterests(lookups: TagLookups): InterestTags {
  const tags = withCachedTexts(lookups);
  return {
    ...tags,
    async interestsOf(events, now, config) {
      await lookUpTexts(tags, events);
      return interestsOf(tags, events, now, { ...defaultInterestConfig, ...config });
    },
  };
}
