/** Most different words that one tally tells apart; later ones are not counted, so that memory stays bounded. */
const maxWords = 64;

/** Counts words; the most frequent wins, and of equals the one seen first. */
export class Tally<Word> {
  readonly #counts = new Map<Word, { count: number }>();
  /** The word counted last and its count: lines of one product mostly repeat it, and comparing is cheaper than looking up. */
  #last: Word | null = null;
  #lastCount = { count: 0 };

  /** Counts a word once more if it is known; answers whether it is. */
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

  /** The most frequent word, or null when none was counted. */
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
