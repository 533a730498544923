/** Most distinct words that one tally counts; further ones are ignored, so that memory is bounded. */
const maxWords = 64;

/** Counts words. The most frequent wins; of equal ones, the first. */
export class Tally<Word> {
  readonly #counts = new Map<Word, { count: number }>();
  /** The word counted last and its count: lines of one product mostly repeat it, and a comparison is cheaper than a lookup. */
  #last: Word | null = null;
  #lastCount = { count: 0 };

  /** Counts a known word once more. Returns whether it is known. */
  countKnown(word: Word): boolean {
    if (word !== this.#last) {
      const found = this.#counts.get(word);
      if (!found) return false;
      this.#last = word;
      this.#lastCount = found;
    }
    this.#lastCount.count += 1;
    return true;
  }

  /** Counts a new word. */
  countNew(word: Word): void {
    if (this.#counts.size < maxWords) this.#counts.set(word, { count: 1 });
  }

  /** Returns the most frequent word, or null when none was counted. */
  winner(): Word | null {
    let best: Word | null = null;
    let most = 0;
    for (const [word, { count }] of this.#counts) {
      if (count <= most) continue;
      best = word;
      most = count;
    }
    return best;
  }
}
