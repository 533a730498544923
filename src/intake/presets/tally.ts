/** Most different words that one tally tells apart; later ones are not counted, so that memory stays bounded. */
const maxWords = 64;

/** Counts words; the most frequent wins, and of equals the one seen first. */
export class Tally<Word> {
  readonly #counts = new Map<Word, number>();

  add(word: Word): void {
    const count = this.#counts.get(word);
    if (count === undefined && this.#counts.size >= maxWords) return;
    this.#counts.set(word, (count ?? 0) + 1);
  }

  has(word: Word): boolean {
    return this.#counts.has(word);
  }

  /** The most frequent word, or null when none was added. */
  winner(): Word | null {
    let best: Word | null = null;
    let most = 0;
    for (const [word, count] of this.#counts) {
      if (count <= most) continue;
      best = word;
      most = count;
    }
    return best;
  }
}
