// Vectors from a service with OpenAI's embeddings API: POST {base}/embeddings with { model, input } returns
// { data: [{ index, embedding }] }. Hosted services and local servers (Ollama, vLLM, llama.cpp) implement it.
import { GatewayError } from '../../domain/errors';
import type { DocumentEncoder } from '../ports/documentEncoder';
import { readLimited } from './readLimited';
import { type Pacing, withRetries } from './retries';
import { vectorsOfRows } from './vectorsOfRows';

/** Address and settings of the service. */
export interface ApiEncoderOptions {
  /** The part before `/embeddings`, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** The service's name of the model. */
  readonly model: string;
  /** Bearer token; null: none is sent. */
  readonly key: string | null;
  /** Texts per request. Default: 64. */
  readonly batchSize?: number;
  /** Timeout of one request. Default: 60 s. */
  readonly timeoutMs?: number;
  /** Waiting between attempts. Default: the system clock and Math.random. */
  readonly pacing?: Pacing;
}

/** Longer texts are truncated: models read a few thousand characters at most, and services reject more. */
const maxTextLength = 8_000;
/** Maximum response size in bytes: 64 vectors of 4,096 numbers take 6 MB as JSON. */
const maxResponseBytes = 64 * 1024 * 1024;

const unusable = (expected: string, got: string, remedy: string): GatewayError =>
  new GatewayError('ENCODER_INVALID', `Expected ${expected}; got ${got}. ${remedy}`, { expected, got });

/** Returns the delay of `Retry-After` in milliseconds; null when it is absent or a date. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get('retry-after') ?? '';
  return /^\d{1,5}$/.test(header) ? 1000 * Number(header) : null;
}

/** Converts the HTTP status to an error. Body and address are not quoted: they may contain texts or the key. */
function failureOf(
  response: Response,
): { readonly error: GatewayError; readonly waitMs: number | null } | null {
  const { status } = response;
  if (response.ok) return null;
  if (status === 408 || status === 429 || status >= 500) {
    const message = `Expected vectors from the encoder; got HTTP ${status}. Try again later, or check its rate limits.`;
    return { error: new GatewayError('UNAVAILABLE', message, { status }), waitMs: retryAfterMs(response) };
  }
  const remedy = 'Check AFFINITY_ENCODER_URL, AFFINITY_ENCODER_MODEL and AFFINITY_ENCODER_KEY.';
  throw unusable('vectors from the encoder', `HTTP ${status}`, remedy);
}

/** Returns the code or name of a connection error, without its message, which may quote the address. */
function nameOfFailure(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(name);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parse error is dropped, as it quotes the body.
    throw unusable('JSON from the encoder', 'another format', 'Check AFFINITY_ENCODER_URL.');
  }
}

/** Returns the vectors of a response in the order of the request. */
function rowsOf(answer: unknown, count: number): readonly (readonly number[])[] {
  const { data } = (answer ?? {}) as { data?: unknown };
  const remedy = 'Check that AFFINITY_ENCODER_MODEL is an embedding model.';
  if (!Array.isArray(data) || data.length !== count)
    throw unusable(
      `${count} vectors in "data"`,
      Array.isArray(data) ? `${data.length}` : typeof data,
      remedy,
    );
  // An index without a vector stays empty, which vectorsOfRows rejects.
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

/** Sends one batch once. */
async function ask(options: ApiEncoderOptions, texts: readonly string[], signal: AbortSignal) {
  const { baseUrl, model, key, timeoutMs = 60_000 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      // A redirect could send the key to another host.
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
    return { value: rowsOf(parsed(await readLimited(response, maxResponseBytes)), texts.length) };
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (signal.aborted) throw new GatewayError('CANCELLED', 'Expected to finish encoding; got cancelled.');
    const how = timeout.aborted ? `none in ${timeoutMs} ms` : nameOfFailure(error);
    const message = `Expected a response from the encoder; got ${how}. Check that AFFINITY_ENCODER_URL can be reached.`;
    return { error: new GatewayError('UNAVAILABLE', message), waitMs: null };
  }
}

/**
 * Creates an encoder over an OpenAI-compatible endpoint. Batches are sent one after the other; texts are truncated to
 * 8,000 characters. Transient failures (no connection, timeout, HTTP 408, 429, 5xx) are retried with exponential backoff,
 * which respects `Retry-After` in seconds.
 */
export function createApiEncoder(options: ApiEncoderOptions): DocumentEncoder {
  const { model, batchSize = 64, pacing } = options;
  return {
    name: `api:${model}`,
    async encode(texts, signal) {
      const rows: (readonly number[])[] = [];
      for (let start = 0; start < texts.length; start += batchSize) {
        const batch = texts.slice(start, start + batchSize).map(text => text.slice(0, maxTextLength));
        rows.push(...(await withRetries(() => ask(options, batch, signal), signal, pacing)));
      }
      return vectorsOfRows(rows);
    },
  };
}
