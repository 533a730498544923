import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Problem } from '../../../intake/rejections';

/** How much of a line is repeated, in UTF-16 code units. */
const maxExcerpt = 1_000;

/**
 * Where lines that became no event are told, one JSON object a line: file, line, code, field, message and the beginning of the
 * line itself (it is the operator's own file). Begun anew by each run that reads a file, made only when there is something to tell.
 */
export class RejectsFile {
  readonly path: string;
  #stream: WriteStream | null = null;
  #count = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Lines written so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds a line. Answers a promise only when the disk should be waited for. */
  add(
    file: string,
    line: { readonly number: number; readonly text: string },
    why: Problem,
  ): Promise<unknown> | null {
    this.#stream ??= createWriteStream(this.path);
    this.#count += 1;
    const { code, field, message } = why;
    const row = { file, line: line.number, code, field, message, text: line.text.slice(0, maxExcerpt) };
    return this.#stream.write(`${JSON.stringify(row)}\n`) ? null : once(this.#stream, 'drain');
  }

  /** Resolves when all is on disk. */
  async close(): Promise<void> {
    if (this.#stream === null) return;
    this.#stream.end();
    await finished(this.#stream);
  }
}
