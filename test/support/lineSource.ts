import type { LineSource } from '../../src/evaluation/files/lineSource';

/** The lines of a text as a parser reads them from a file of that name. */
export const lineSourceOf = (text: string, name = 'file.txt'): LineSource => ({
  name,
  async *[Symbol.asyncIterator]() {
    for (const [index, line] of text.split('\n').entries()) yield { number: index + 1, text: line };
  },
});
