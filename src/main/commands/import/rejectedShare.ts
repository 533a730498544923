import { GatewayError } from '../../../domain/errors';
import { type RejectionCode, rejectionCatalogue } from '../../../intake/rejections';
import { withCommas } from './progress';

/** Below this number of lines, only a file without any usable line is refused: a share of few lines says little. */
const minLines = 1_000;

/** Share of rejected lines above which an import stops by default. */
export const defaultMaxRejectedShare = 0.5;

/** Counts the lines of a file, and decides whether so many are rejected that the file is most likely read wrongly. */
export class RejectedShare {
  readonly #max: number;
  readonly #rejected = new Map<RejectionCode, number>();
  #lines = 0;
  #rejectedLines = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Counts one line; one that is skipped counts as none. */
  count(code: RejectionCode | null): void {
    if (code !== null && rejectionCatalogue[code].kind === 'skipped') return;
    this.#lines += 1;
    if (code === null) return;
    this.#rejectedLines += 1;
    this.#rejected.set(code, (this.#rejected.get(code) ?? 0) + 1);
  }

  /** Returns whether the import must stop here; at the end of the file, also when every line was rejected. */
  isExceeded(isEnd: boolean): boolean {
    const isUseless = this.#lines > 0 && this.#rejectedLines === this.#lines;
    return (isEnd && isUseless) || (this.#lines >= minLines && this.#rejectedLines > this.#max * this.#lines);
  }

  /**
   * @param stored - what of the file is stored, as a sentence without its full stop
   * @param rejectsPath - where the rejected lines are; null when they are not written
   */
  error(path: string, stored: string, rejectsPath: string | null): GatewayError {
    const codes = [...this.#rejected].map(([code, count]) => `${code} ${withCommas(count)}`).join(', ');
    const expected = `at most ${Math.round(this.#max * 100)} % of the lines of ${path} to be rejected, and at least one that is not`;
    const got = `${withCommas(this.#rejectedLines)} of ${withCommas(this.#lines)} (${codes})`;
    const remedy = `See ${rejectsPath ?? 'the lines with --rejects'}, correct the data or the mapping, or allow more with --max-rejected-share`;
    return new GatewayError('IMPORT_INVALID', `Expected ${expected}; got ${got}. ${stored}. ${remedy}.`, {
      path,
    });
  }
}
