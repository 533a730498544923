/** Number of groups (such as baskets) kept at once. */
const maxGroups = 1_000;

/**
 * Numbers the repeats of a key within its group, so that each line gets the same id on every import. The lines of a group
 * should be adjacent: a group that reappears after a thousand others starts at 1 again, and its repeats then count as
 * duplicates.
 */
export class Occurrences {
  readonly #groups = new Map<string, Map<string, number>>();

  #lastGroup = '';
  #lastCounts = new Map<string, number>();

  /** Returns 1 for the first `key` of `group`, 2 for the second, and so on. */
  next(group: string, key: string): number {
    if (group !== this.#lastGroup) {
      this.#lastGroup = group;
      this.#lastCounts = this.#countsOf(group);
    }
    const count = (this.#lastCounts.get(key) ?? 0) + 1;
    this.#lastCounts.set(key, count);
    return count;
  }

  #countsOf(group: string): Map<string, number> {
    const found = this.#groups.get(group);
    if (found) return found;
    const made = new Map<string, number>();
    this.#groups.set(group, made);
    if (this.#groups.size > maxGroups) this.#groups.delete(this.#groups.keys().next().value ?? '');
    return made;
  }
}
