import fc from 'fast-check';
import { stem } from '../../src/text/stem';
import { isOneWord, wordsOf, wordsWithSinglesOf } from '../../src/text/words';

it.each([
  ['Blue Ceramic Mugs', ['blue', 'ceramic', 'mug']],
  ["The chef's knives", ['chef', 'knive']],
  ['500 ml', ['500ml']],
  ['500ML', ['500ml']],
  ['１２ ｐｃｓ', ['12pcs']],
  ['1,000 beads', ['1000', 'bead']],
  ['3 mugs, 0.50 kg', ['3', 'mug', '0.5kg']],
  ['7 men', ['7', 'men']],
  ['usb3 hub', ['usb3', 'hub']],
  ['Café & Crème', ['café', 'crème']],
  ['马克杯', ['马克杯', '马克', '克杯']],
  ['陶瓷', ['陶瓷']],
  ['男士T恤', ['男士', 't', '恤']],
  ['蓝色 Blue 马克杯 350ml', ['蓝色', 'blue', '马克杯', '马克', '克杯', '350ml']],
  ['', []],
  ['!!! — …', []],
])('splits %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

it('finds a Chinese name that no dictionary contains by its character bigrams', () => {
  const shared = wordsOf('喜茶同款').filter(word => wordsOf('正品喜茶').includes(word));
  expect(shared).toContain('喜茶');
});

it('accepts any text, and is idempotent on its own words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
      for (const word of wordsOf(text)) expect(word).not.toBe('');
    }),
  );
});

it.each([
  ['mugs', 'mug'],
  ['candies', 'candy'],
  ['glasses', 'glass'],
  ['boxes', 'box'],
  ['houses', 'house'],
  ['glass', 'glass'],
  ['bus', 'bus'],
  ['shoes', 'shoes'],
  ['gas', 'gas'],
])('stems %s to %s', (word, singular) => {
  expect(stem(word)).toBe(singular);
});

it('wordsWithSinglesOf: also finds words of one character in a longer run', () => {
  expect(wordsOf('这本书好看')).not.toContain('书');
  expect(wordsWithSinglesOf('这本书好看')).toContain('书');
  expect(new Set(wordsWithSinglesOf('这本书好看'))).toEqual(
    new Set([...wordsWithSinglesOf('这本书好看'), ...wordsOf('这本书好看')]),
  );
  expect(wordsWithSinglesOf('Blue mugs')).toEqual(wordsOf('Blue mugs'));
});

it('isOneWord: distinguishes a dictionary word from a character bigram', () => {
  expect(['手机', '书', '头发'].every(isOneWord)).toBe(true);
  expect(['发水', '本书', '穿着好'].some(isOneWord)).toBe(false);
});
