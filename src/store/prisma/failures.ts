import { GatewayError } from '../../domain/errors';

const sqlStatePattern = /^[0-9A-Z]{5}$/;
/** States of transactions that PostgreSQL rolled back in favour of another; retrying is safe. */
const retriedStates = new Set(['40001', '40P01']);
const attempts = 5;

type Chain = {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly cause?: unknown;
  readonly meta?: unknown;
};

const hasAdapterError = (meta: unknown): meta is { readonly driverAdapterError: unknown } =>
  typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta;

/** Returns the SQLSTATE of an error of pg or Prisma, from anywhere in its chain of causes, or null. */
function sqlStateOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null;
  const { code, originalCode, cause, meta } = error as Chain;
  for (const state of [originalCode, code]) {
    // Prisma's codes (P2002) have the same form. PostgreSQL's class P0 is raised by PL/pgSQL only, which is not used here.
    if (typeof state === 'string' && sqlStatePattern.test(state) && !state.startsWith('P')) return state;
  }
  return (
    sqlStateOf(cause, depth + 1) ??
    (hasAdapterError(meta) ? sqlStateOf(meta.driverAdapterError, depth + 1) : null)
  );
}

/** Whether an error is a bug of ours, which must be logged in full and not reported as an outage. */
function isBug(error: unknown, state: string | null): boolean {
  if (state !== null) return state.startsWith('42');
  const name = error instanceof Error ? error.name : '';
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'PrismaClientValidationError'].includes(
    name,
  );
}

/** Whether the database itself reported an error, so that its connection is ready for the next statement. */
export const hasResponded = (error: unknown): boolean => sqlStateOf(error) !== null;

/** Whether the database rejected a value (too long, out of range, NUL, a duplicate key). */
export const isRefusal = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');

/**
 * Converts an error of the database layer. A rejected value becomes BAD_USER_INPUT; bugs are unchanged; anything else
 * becomes UNAVAILABLE. The database's message remains in the cause only, as it may quote data.
 */
function toFailure(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const state = sqlStateOf(error);
  if (isBug(error, state)) return error;
  const options = { cause: error };
  if (isRefusal(error)) {
    return new GatewayError(
      'BAD_USER_INPUT',
      `Expected values that the database accepts, under unused ids; got one that it rejects (SQLSTATE ${state}). Nothing was written. Correct the value.`,
      { sqlState: state ?? '' },
      options,
    );
  }
  const details = state === null ? {} : { sqlState: state };
  const message =
    'Expected the database to respond in time; it did not. What was sent may have been written: send it again with the same ids after a second.';
  return new GatewayError('UNAVAILABLE', message, details, options);
}

/** Awaits database work and converts its errors with {@link toFailure}. */
export async function guard<Result>(work: PromiseLike<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toFailure(error);
  }
}

/** Retries a transaction that PostgreSQL rolled back in favour of another. */
export async function withRetries<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !retriedStates.has(sqlStateOf(error) ?? '')) throw error;
    }
  }
}
