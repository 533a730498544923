// Vectors from a service that speaks OpenAI's embeddings interface: POST {base}/embeddings with { model, input }, answered
// by { data: [{ index, embedding }] }. Hosted services and local servers (Ollama, vLLM, llama.cpp) all do.
import { GatewayError } from '../../domain/errors';
import type { DocumentEncoder } from '../ports/vector';
import { readLimited } from './readLimited';
import { type Pacing, withRetries } from './retries';
import { vectorsOfRows } from './vectorsOfRows';

/** How to reach the service. */
export interface ApiEncoderOptions {
  /** Up to where `/embeddings` follows, as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** As the service calls it. */
  readonly model: string;
  /** Sent as a bearer token; null where the service wants none. */
  readonly key: string | null;
  /** Texts a request. 64 unless told otherwise. */
  readonly batchSize?: number;
  /** Longest wait for one answer. 60 s unless told otherwise. */
  readonly timeoutMs?: number;
  /** How to wait between attempts; the clock's way unless told otherwise. */
  readonly pacing?: Pacing;
}

/** What is left of a longer text: models read a few thousand characters at most, and services refuse more. */
const longestText = 8_000;
/** Bytes of an answer: 64 vectors of 4,096 numbers in JSON take 6 MB. */
const longestAnswer = 64 * 1024 * 1024;

const unusable = (expected: string, got: string, remedy: string): GatewayError =>
  new GatewayError('ENCODER_INVALID', `Expected ${expected}; got ${got}. ${remedy}`, { expected, got });

/** Milliseconds that `Retry-After` asks for; null when it does not, or names a date. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get('retry-after') ?? '';
  return /^\d{1,5}$/.test(header) ? 1000 * Number(header) : null;
}

/** What the status says. Neither the body nor the address are quoted: they may hold the texts or the key. */
function failureOf(
  response: Response,
): { readonly error: GatewayError; readonly waitMs: number | null } | null {
  const { status } = response;
  if (response.ok) return null;
  if (status === 408 || status === 429 || status >= 500) {
    const message = `Expected vectors from the encoder; got HTTP ${status}. Try again later, or look at its limits.`;
    return { error: new GatewayError('UNAVAILABLE', message, { status }), waitMs: retryAfterMs(response) };
  }
  const remedy = 'Check AFFINITY_ENCODER_URL, AFFINITY_ENCODER_MODEL and AFFINITY_ENCODER_KEY.';
  throw unusable('vectors from the encoder', `HTTP ${status}`, remedy);
}

/** Name of a failed connection, without the address it may quote. */
function nameOfFailure(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(name);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The error would quote the body.
    throw unusable('JSON from the encoder', 'something else', 'Check AFFINITY_ENCODER_URL.');
  }
}

/** The vectors of an answer in the order of the request. */
function rowsOf(answer: unknown, count: number): readonly (readonly number[])[] {
  const { data } = (answer ?? {}) as { data?: unknown };
  const remedy = 'Check that AFFINITY_ENCODER_MODEL is an embedding model.';
  if (!Array.isArray(data) || data.length !== count)
    throw unusable(
      `${count} vectors in "data"`,
      Array.isArray(data) ? `${data.length}` : typeof data,
      remedy,
    );
  // A place that no vector names stays empty, which vectorsOfRows refuses.
  const rows = new Array<readonly number[]>(count);
  for (const [position, entry] of data.entries()) {
    const { index = position, embedding } = (entry ?? {}) as { index?: unknown; embedding?: unknown };
    if (!Array.isArray(embedding)) throw unusable('an array in "embedding"', typeof embedding, remedy);
    if (typeof index !== 'number' || !(index < count))
      throw unusable(`an "index" under ${count}`, typeof index, remedy);
    rows[index] = embedding as number[];
  }
  return rows;
}

/** One attempt at one batch. */
async function ask(options: ApiEncoderOptions, texts: readonly string[], signal: AbortSignal) {
  const { baseUrl, model, key, timeoutMs = 60_000 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      // Whoever may redirect us could read the key.
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
      signal: AbortSignal.any([signal, timeout]),
    });
    const failure = failureOf(response);
    if (failure !== null) {
      await response.body?.cancel();
      return failure;
    }
    return { value: rowsOf(parsed(await readLimited(response, longestAnswer)), texts.length) };
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (signal.aborted) throw new GatewayError('CANCELLED', 'Expected to encode to the end; got cancelled.');
    const how = timeout.aborted ? `nothing in ${timeoutMs} ms` : nameOfFailure(error);
    const message = `Expected an answer from the encoder; got ${how}. Check that AFFINITY_ENCODER_URL can be reached.`;
    return { error: new GatewayError('UNAVAILABLE', message), waitMs: null };
  }
}

/**
 * An encoder behind an OpenAI-compatible endpoint. Texts go out in batches, one after the other; texts over 8,000
 * characters are cut. Attempts that may succeed later (no connection, no answer in time, HTTP 408, 429, 5xx) are repeated
 * after growing waits; `Retry-After` in seconds is heeded.
 */
export function createApiEncoder(options: ApiEncoderOptions): DocumentEncoder {
  const { model, batchSize = 64, pacing } = options;
  return {
    name: `api:${model}`,
    async encode(texts, signal) {
      const rows: (readonly number[])[] = [];
      for (let start = 0; start < texts.length; start += batchSize) {
        const batch = texts.slice(start, start + batchSize).map(text => text.slice(0, longestText));
        rows.push(...(await withRetries(() => ask(options, batch, signal), signal, pacing)));
      }
      return vectorsOfRows(rows);
    },
  };
}
