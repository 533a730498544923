import { type Logger, pino } from 'pino';

/**
 * The process's structured log. Callers pass codes, names and numbers; never ids of shoppers, variables or addresses.
 * Messages of errors from drivers may quote data, so of an error only name, code and stack without message are kept.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { service: 'affinity' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: describeError, error: describeError },
  });
}

interface DescribedError {
  readonly name: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** What may be logged of an error: its kind and where it came from, not its message. Causes are followed three deep. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  const frames = stack?.split('\n').filter(line => /^\s+at /.test(line));
  return {
    name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(frames === undefined ? {} : { stack: frames.slice(0, 12).join('\n') }),
    ...(cause === undefined || depth >= 2 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}
