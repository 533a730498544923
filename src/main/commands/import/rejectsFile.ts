import { once } from 'node:events';
import type { Problem } from '../../../intake/rejections';
import { createOutput, type OutputFile } from '../../files/outputFile';

/** Maximum length of the excerpt of a line, in UTF-16 code units. */
const maxExcerpt = 1_000;

/**
 * File of rejected lines, one JSON object per line: file, line, code, field, message and the beginning of the line itself
 * (the data belongs to the operator). A run with rejections replaces it, at its end. Without a path, lines are only counted.
 */
export class RejectsFile {
  readonly path: string | null;
  #output: OutputFile | null = null;
  #count = 0;

  constructor(path: string | null) {
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
    this.#count += 1;
    if (this.path === null) return null;
    this.#output ??= createOutput(this.path);
    const { stream } = this.#output;
    const { code, field, message } = why;
    const row = { file, line: line.number, code, field, message, text: line.text.slice(0, maxExcerpt) };
    return stream.write(`${JSON.stringify(row)}\n`) ? null : once(stream, 'drain');
  }

  /** Resolves when all lines are written. */
  async close(): Promise<void> {
    await this.#output?.commit();
  }
}
