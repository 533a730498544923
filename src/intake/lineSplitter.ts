import type { RejectionCode } from './rejections';

/** Encodings a file may have. `latin1` is read as browsers do, as windows-1252. */
export const encodings = ['utf-8', 'latin1'] as const;
/** One of {@link encodings}. */
export type Encoding = (typeof encodings)[number];

/** Longest line, in bytes without its end. */
export const maxLineBytes = 1_048_576;
/** How much of a line that cannot be read is kept, in bytes, for the rejects file. */
const excerptBytes = 2_000;

/** One physical line of a file, without its end (LF or CRLF). */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** The text; for a line that cannot be read, its beginning as far as it can be shown. */
  readonly text: string;
  /** Why the line cannot be read, or null. */
  readonly fault: Extract<RejectionCode, 'LINE_TOO_LONG' | 'ENCODING_INVALID' | 'TEXT_NUL'> | null;
}

const lineFeed = 10;

/**
 * Cuts a stream of bytes into numbered lines in constant memory: never holds more than one chunk and {@link maxLineBytes}.
 * A block of whole lines is decoded in one piece; only when that fails is each of its lines decoded alone, so that one
 * malformed line costs no other. A byte order mark at the start is dropped.
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

  /** Lines completed by this chunk, in order. The chunk is copied where it is kept. */
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

  /** The last line when the file does not end with a line end. */
  end(): readonly Line[] {
    return this.#pendingBytes > 0 ? [this.#takePending()] : [];
  }

  /** Keeps what may still grow into a line; of a line already too long, nothing more than its length. */
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

  /** Decodes lines parted by line feeds, all at once when they are well formed. */
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
      // Bytes that are no text are the one thing a fatal decoder throws for.
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
