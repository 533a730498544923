import { maxSubwords, subwordBuckets } from '../../src/text/subwords';

const buckets = 1 << 20;
const shared = (a: string, b: string): number => {
  const other = new Set(subwordBuckets(b, buckets));
  return [...new Set(subwordBuckets(a, buckets))].filter(bucket => other.has(bucket)).length;
};

it('starts with the word itself, followed by its 3- and 4-grams with marked ends', () => {
  // mug: <mu mug ug> <mug mug>, and the word.
  expect(subwordBuckets('mug', buckets)).toHaveLength(6);
  expect(subwordBuckets('a', buckets)).toHaveLength(1);
});

it('shares buckets between similar words, and not between others', () => {
  expect(shared('teapot', 'teapots')).toBeGreaterThan(5);
  expect(shared('teapot', 'saucer')).toBe(0);
});

it('splits words of scripts without spaces into characters', () => {
  expect(subwordBuckets('茶杯', buckets)).toHaveLength(3);
  expect(shared('茶杯', '茶壶')).toBe(1);
  expect(subwordBuckets('茶', buckets)).toHaveLength(1);
});

it('does not split numbers, and limits the number of buckets', () => {
  expect(subwordBuckets('500ml', buckets)).toHaveLength(1);
  expect(subwordBuckets('x'.repeat(500), buckets)).toHaveLength(maxSubwords);
  expect(subwordBuckets('teapot', 7).every(bucket => bucket < 7)).toBe(true);
});
