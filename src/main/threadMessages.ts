import { type ErrorCode, type ErrorDetails, errorCatalogue, GatewayError } from '../domain/errors';
import type { ThreadPayload } from '../numeric/threadPool';

/** What a thread is told. */
export interface ThreadOrder {
  readonly task: string;
  readonly payload: ThreadPayload;
}

/** What a thread answers: a result, or what was thrown, as toPlainError leaves it. */
export interface ThreadAnswer {
  readonly result?: unknown;
  readonly error?: unknown;
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && code in errorCatalogue;

/** A thrown GatewayError as fields: structured clone keeps no more than name, message and stack of an error. */
export function toPlainError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  return { code: error.code, message: error.message, details: error.details };
}

/** The GatewayError back from its fields; any other value as it is. */
export function fromPlainError(error: unknown): unknown {
  if (error === null || typeof error !== 'object' || error instanceof Error) return error;
  const { code, message, details } = error as { code?: unknown; message?: unknown; details?: ErrorDetails };
  return isCode(code) ? new GatewayError(code, String(message), details) : error;
}
