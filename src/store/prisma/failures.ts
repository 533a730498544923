import { GatewayError } from '../../domain/errors';

const sqlStatePattern = /^[0-9A-Z]{5}$/;
/** Transactions that PostgreSQL ended so that another could go on: nothing was kept, trying again is safe. */
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

/** The SQLSTATE of an error of pg or Prisma, wherever in the chain it lies; null for one that has none. */
function sqlStateOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null;
  const { code, originalCode, cause, meta } = error as Chain;
  for (const state of [originalCode, code]) {
    // Prisma's own codes (P2002) look alike; PostgreSQL's class P0 is raised by PL/pgSQL alone, which we have none of.
    if (typeof state === 'string' && sqlStatePattern.test(state) && !state.startsWith('P')) return state;
  }
  return (
    sqlStateOf(cause, depth + 1) ??
    (hasAdapterError(meta) ? sqlStateOf(meta.driverAdapterError, depth + 1) : null)
  );
}

/** Bugs of ours: they keep their own name, so that they are logged whole and not taken for an outage. */
function isBug(error: unknown, state: string | null): boolean {
  if (state !== null) return state.startsWith('42');
  const name = error instanceof Error ? error.name : '';
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'PrismaClientValidationError'].includes(
    name,
  );
}

/** Whether the database refused a value (too long, out of range, NUL, a key that is taken), and not its keeping. */
export const isRefusal = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');

/**
 * What an error of the database layer means to a caller. A refused value is the caller's (BAD_USER_INPUT); anything else
 * unforeseen counts as UNAVAILABLE. The database's own message is kept as the cause alone: it may quote data.
 */
function toFailure(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const state = sqlStateOf(error);
  if (isBug(error, state)) return error;
  const options = { cause: error };
  if (isRefusal(error)) {
    return new GatewayError(
      'BAD_USER_INPUT',
      `Expected values the database can keep, under ids that are free; got one it refuses (SQLSTATE ${state}). Nothing was written. Mend the value.`,
      { sqlState: state ?? '' },
      options,
    );
  }
  const details = state === null ? {} : { sqlState: state };
  const message = 'Expected the database to answer; it did not. Try again after a second.';
  return new GatewayError('UNAVAILABLE', message, details, options);
}

/** Awaits database work, with its errors told as {@link toFailure} does. */
export async function guard<Result>(work: PromiseLike<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toFailure(error);
  }
}

/** Runs a transaction again when PostgreSQL ended it in favour of another. */
export async function withRetries<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !retriedStates.has(sqlStateOf(error) ?? '')) throw error;
    }
  }
}
