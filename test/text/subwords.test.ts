import { mostParts, subwordBuckets } from '../../src/text/subwords';

const buckets = 1 << 20;
const shared = (a: string, b: string): number => {
  const other = new Set(subwordBuckets(b, buckets));
  return [...new Set(subwordBuckets(a, buckets))].filter(bucket => other.has(bucket)).length;
};

it('starts with the word itself, and has 3- and 4-grams with its ends marked', () => {
  // mug: <mu mug ug> <mug mug>, and the word.
  expect(subwordBuckets('mug', buckets)).toHaveLength(6);
  expect(subwordBuckets('a', buckets)).toHaveLength(1);
});

it('makes words alike that look alike, and no others', () => {
  expect(shared('teapot', 'teapots')).toBeGreaterThan(5);
  expect(shared('teapot', 'saucer')).toBe(0);
});

it('takes words without blanks apart into characters', () => {
  expect(subwordBuckets('茶杯', buckets)).toHaveLength(3);
  expect(shared('茶杯', '茶壶')).toBe(1);
  expect(subwordBuckets('茶', buckets)).toHaveLength(1);
});

it('leaves numbers whole, and is bounded', () => {
  expect(subwordBuckets('500ml', buckets)).toHaveLength(1);
  expect(subwordBuckets('x'.repeat(500), buckets)).toHaveLength(mostParts);
  expect(subwordBuckets('teapot', 7).every(bucket => bucket < 7)).toBe(true);
});
