// Terms with numbers are those that one product's description has as strings.
import fc from 'fast-check';
import { createTermNumbers } from '../../../src/insights/interestTags/termNumbers';
import {
  countsOf,
  partOfReading,
  readSnapshot,
  termsOfTexts,
} from '../../../src/insights/interestTags/terms';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { countTerms } from '../../../src/text/termTable';

const words = ['tea', 'teapot', '绿茶', 'fine', 'red', '12', 'чай', '茶壶很好用', 'ice', 'cream'];
const someText = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map(own => own.join(' '));

describe('terms with numbers', () => {
  it('are the terms of the text in the same order', () => {
    fc.assert(
      fc.property(fc.array(someText, { maxLength: 6 }), texts => {
        const numbers = createTermNumbers();
        for (const text of texts)
          expect(Array.from(numbers.numbersOf(text), numbers.termOf)).toEqual(termsOfTexts([text]));
      }),
      { seed: 3 },
    );
  });

  it('stay the same for many pairs, and are given without gaps', () => {
    const numbers = createTermNumbers();
    const text = (at: number): string => `w${at % 97}a w${at % 89}b w${at % 83}c`;
    const first = Array.from({ length: 8_000 }, (_, at) => [...numbers.numbersOf(text(at))]);
    const size = numbers.size();
    expect(Math.max(...first.flat())).toBe(size - 1);
    expect(first.every((own, at) => own.join() === numbers.numbersOf(text(at)).join())).toBe(true);
    expect(numbers.size()).toBe(size);
    expect(new Set(Array.from({ length: size }, (_, number) => numbers.termOf(number))).size).toBe(size);
  });
});

/** Forty products of drawn texts; every third has no description. */
async function shop(texts: readonly string[]): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: 9 });
  for (const [at, text] of texts.entries()) {
    const descriptions = at % 3 === 0 ? [] : [text];
    const document = {
      titles: [],
      descriptions,
      categoryPath: ['Home', `C${at % 4}`],
      features: [],
      priceMinor: 1,
    };
    builder.describe(`p${String(at).padStart(2, '0')}`, document);
  }
  return builder.build();
}

describe('a reading', () => {
  const manyTexts = fc.array(someText, { minLength: 40, maxLength: 40 });

  it('has the table that counting strings gives, as a whole and in part', async () => {
    await fc.assert(
      fc.asyncProperty(manyTexts, fc.integer({ min: 5, max: 40 }), async (texts, maxTerms) => {
        const snapshot = await shop(texts);
        const reading = readSnapshot(snapshot, maxTerms);
        const hasProduct = Uint8Array.from(texts, (_, at) => Number(at % 5 > 0));
        const part = partOfReading(reading, { hasProduct, hasUser: new Uint8Array(0) }, maxTerms);
        for (const [read, isKept] of [
          [reading, () => true],
          [part, (at: number) => hasProduct[at] === 1],
        ] as const) {
          const strings = texts.flatMap((text, at) =>
            isKept(at)
              ? [
                  [
                    ...termsOfTexts(['Home', `C${at % 4}`, at % 3 === 0 ? '' : text]),
                    '>home',
                    `>home>c${at % 4}`,
                  ],
                ]
              : [],
          );
          const expected = countTerms(strings, { minDocuments: 5, maxTerms });
          expect(read.table.terms).toEqual(expected.terms);
          expect(read.table.documentFrequency).toEqual(expected.documentFrequency);
          expect(read.table.documents).toBe(expected.documents);
        }
      }),
      { seed: 4, numRuns: 20 },
    );
  });

  it('counts the terms of the table in each text', async () => {
    const reading = readSnapshot(await shop(Array.from({ length: 40 }, () => 'tea cup tea')), 100);
    const { indptr, indices, values } = countsOf(reading.products, reading);
    const row = Object.fromEntries(
      Array.from(indices.subarray(indptr[1], indptr[2]), (column, at) => [
        reading.table.terms[column],
        values[indptr[1] + at],
      ]),
    );
    expect(row).toMatchObject({ tea: 2, cup: 1, 'tea cup': 1, 'cup tea': 1, home: 1, '>home': 1 });
  });

  it('keeps a word that is too rare as a word without a name', async () => {
    const texts = Array.from({ length: 40 }, (_, at) => (at === 1 ? 'tea unheard' : 'tea'));
    const reading = readSnapshot(await shop(texts), 100);
    expect(reading.vocabulary[0]).toBe('');
    expect([...reading.products[1]].filter(term => term === 0)).toHaveLength(1);
    expect(reading.rowOf[0]).toBe(-1);
  });
});
