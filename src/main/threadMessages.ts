import { type ErrorCode, type ErrorDetails, errorCatalogue, GatewayError } from '../domain/errors';
import type { ThreadPayload } from '../numeric/threadPool';

/** A task to run on a thread. */
export interface ThreadOrder {
  readonly task: string;
  readonly payload: ThreadPayload;
}

/** The reply of a thread: a result, or what was thrown, as toPlainError returns it. */
export interface ThreadAnswer {
  readonly result?: unknown;
  readonly error?: unknown;
}

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && code in errorCatalogue;

/** Returns a thrown GatewayError as fields, because structured clone keeps only name, message and stack of an error. */
export function toPlainError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  return { code: error.code, message: error.message, details: error.details };
}

/** Returns the GatewayError of such fields; any other value unchanged. */
export function fromPlainError(error: unknown): unknown {
  if (error === null || typeof error !== 'object' || error instanceof Error) return error;
  const { code, message, details } = error as { code?: unknown; message?: unknown; details?: ErrorDetails };
  return isCode(code) ? new GatewayError(code, String(message), details) : error;
}
