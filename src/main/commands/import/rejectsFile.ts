import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Problem } from '../../../intake/rejections';

/** Maximum length of the excerpt of a line, in UTF-16 code units. */
const maxExcerpt = 1_000;

/**
 * File of rejected lines, one JSON object per line: file, line, code, field, message and the beginning of the line itself
 * (the data belongs to the operator). Each run overwrites it; it is created at the first rejection.
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

  /** Adds a line. Returns a promise only when the caller should wait for the disk. */
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

  /** Resolves when all lines are written. */
  async close(): Promise<void> {
    if (this.#stream === null) return;
    this.#stream.end();
    await finished(this.#stream);
  }
}
