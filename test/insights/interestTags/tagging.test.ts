import type { LearnedTags } from '../../../src/insights/interestTags/learned';
import { createTagging } from '../../../src/insights/interestTags/tagging';
import { termTableOf } from '../../../src/text/termTable';

/**
 * Two tags and 600 words. The words of `near` are similar to every unknown word, because one bucket contains all n-grams; the
 * first is the most similar. They have the first tag, and the word `chess` has the second.
 */
function shop(near: readonly string[]): LearnedTags {
  const words = [...near, 'chess', 'pawn move', ...Array.from({ length: 600 }, (_, at) => `other${at}`)];
  const vectorOf = (word: string): readonly number[] => {
    const place = near.indexOf(word);
    if (place >= 0) return [Math.cos(place / 20), Math.sin(place / 20)];
    return word.includes(' ') ? [0, 0] : [0, 1];
  };
  const tagsOf = (word: string): readonly number[] => {
    if (near.includes(word)) return [0.2, -0.2];
    return word === 'chess' ? [-1, 1] : [0, 0];
  };
  return {
    tags: [],
    leaves: 2,
    terms: termTableOf(words, new Uint32Array(words.length), 1),
    termTags: Float32Array.from(words.flatMap(tagsOf)),
    vectors: {
      rank: 2,
      words: Float32Array.from(words.flatMap(vectorOf)),
      buckets: Float32Array.of(1, 0),
    },
    productTags: new Int32Array(0),
    productWeights: new Float32Array(0),
    similarity: new Float32Array(0),
  };
}

const unknown = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `unheard${at}`);

it('replaces an unknown word by similar words', () => {
  const tagging = createTagging(shop(['teapot']));
  const [[tag]] = tagging(unknown(16));
  expect(tag).toBe(0);
  expect(tagging(['unheard of'])).toEqual([]);
});

it('uses at most the five most similar words', () => {
  const five = ['tea0', 'tea1', 'tea2', 'tea3', 'tea4'];
  const asked = unknown(16);
  const ofFive = createTagging(shop(five))(asked);
  expect(createTagging(shop([...five, 'tea5', 'tea6']))(asked)).toEqual(ofFive);
  expect(ofFive).not.toEqual(createTagging(shop(five.slice(0, 1)))(asked));
});

it('replaces only the first sixteen unknown words of a text; known words count anywhere', () => {
  const tagging = createTagging(shop(['teapot']));
  expect(tagging(unknown(5_000))).toEqual(tagging(unknown(16)));
  expect(tagging(unknown(15))).not.toEqual(tagging(unknown(16)));
  expect(tagging([...unknown(50), 'chess'])).toEqual(tagging(['chess', ...unknown(16)]));
});

it('returns the same after its cache was cleared', () => {
  const tagging = createTagging(shop(['teapot']));
  const before = tagging(['first', ...unknown(3)]);
  for (let at = 0; at < 10_000; at++) tagging([`passing${at}`]);
  expect(tagging(['first', ...unknown(3)])).toEqual(before);
});
