import type { RejectionCode } from './rejections';

/** Supported encodings of files. `latin1` is read as windows-1252, as browsers do. */
export const encodings = ['utf-8', 'latin1'] as const;
/** One of {@link encodings}. */
export type Encoding = (typeof encodings)[number];

/** Longest line, in bytes without its end. */
export const maxLineBytes = 1_048_576;
/** How much of an unreadable line is kept for the rejects file, in bytes. */
const excerptBytes = 2_000;

/** One physical line of a file, without its end (LF or CRLF). */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** The text; of an unreadable line, the readable part of its beginning. */
  readonly text: string;
  /** Why the line is unreadable, or null. */
  readonly fault: Extract<RejectionCode, 'LINE_TOO_LONG' | 'ENCODING_INVALID' | 'TEXT_NUL'> | null;
}

const lineFeed = 10;

/**
 * Splits a stream of bytes into numbered lines in constant memory: it never holds more than one chunk and
 * {@link maxLineBytes}. A block of whole lines is decoded at once. Only when that fails is each line decoded by itself, so
 * that one malformed line affects no other. A byte order mark at the start is dropped.
 */
export class LineSplitter {
  readonly #strict: InstanceType<typeof TextDecoder>;
  readonly #lenient: InstanceType<typeof TextDecoder>;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #number = 0;

  constructor(encoding: Encoding) {
    this.#strict = new TextDecoder(encoding, { fatal: encoding === 'utf-8', ignoreBOM: true });
    this.#lenient = new TextDecoder(encoding, { ignoreBOM: true });
  }

  /** Returns the lines that this chunk completes, in order. Parts that are kept are copied. */
  push(chunk: Uint8Array): readonly Line[] {
    const end = chunk.lastIndexOf(lineFeed);
    if (end < 0) {
      this.#keep(chunk);
      return [];
    }
    const first = chunk.indexOf(lineFeed);
    const lines: Line[] = [];
    if (this.#pendingBytes > 0) {
      this.#keep(chunk.subarray(0, first));
      lines.push(this.#takePending());
    } else {
      this.#block(chunk.subarray(0, first), lines);
    }
    if (end > first) this.#block(chunk.subarray(first + 1, end), lines);
    this.#keep(chunk.subarray(end + 1));
    return lines;
  }

  /** Returns the last line of a file that does not end with a line end. */
  end(): readonly Line[] {
    return this.#pendingBytes > 0 ? [this.#takePending()] : [];
  }

  /** Keeps the beginning of an unfinished line; of a line that is already too long, only its length. */
  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#pendingBytes <= maxLineBytes) this.#pending.push(bytes.slice());
    this.#pendingBytes += bytes.length;
  }

  #takePending(): Line {
    const length = this.#pendingBytes;
    const kept = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    const whole = kept.length === 1 ? kept[0] : concatenate(kept);
    return length > maxLineBytes + 1 ? this.#unreadable(whole, 'LINE_TOO_LONG') : this.#single(whole);
  }

  /** Decodes lines separated by line feeds, all at once when they are well formed. */
  #block(bytes: Uint8Array, lines: Line[]): void {
    const text = this.#decode(bytes);
    if (text === null || text.includes('\0')) {
      this.#eachAlone(bytes, lines);
      return;
    }
    for (let start = 0; start <= text.length; ) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      lines.push(this.#line(text.slice(start, end)));
      start = end + 1;
    }
  }

  #eachAlone(bytes: Uint8Array, lines: Line[]): void {
    for (let start = 0; start <= bytes.length; ) {
      const found = bytes.indexOf(lineFeed, start);
      const end = found < 0 ? bytes.length : found;
      lines.push(this.#single(bytes.subarray(start, end)));
      start = end + 1;
    }
  }

  #single(bytes: Uint8Array): Line {
    const text = this.#decode(bytes);
    if (text === null) return this.#unreadable(bytes, 'ENCODING_INVALID');
    return text.includes('\0') ? this.#unreadable(bytes, 'TEXT_NUL') : this.#line(text);
  }

  #line(text: string): Line {
    this.#number += 1;
    const from = this.#number === 1 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const to = text.charCodeAt(text.length - 1) === 13 ? text.length - 1 : text.length;
    const line = text.slice(from, to);
    const isLong = line.length * 3 > maxLineBytes && new TextEncoder().encode(line).length > maxLineBytes;
    if (isLong) return { number: this.#number, text: line.slice(0, excerptBytes), fault: 'LINE_TOO_LONG' };
    return { number: this.#number, text: line, fault: null };
  }

  #unreadable(bytes: Uint8Array, fault: Line['fault']): Line {
    this.#number += 1;
    return { number: this.#number, text: this.#lenient.decode(bytes.subarray(0, excerptBytes)), fault };
  }

  #decode(bytes: Uint8Array): string | null {
    try {
      return this.#strict.decode(bytes);
    } catch {
      // A fatal decoder throws only for bytes that are not text in the encoding.
      return null;
    }
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
