import { type Logger, pino } from 'pino';

/**
 * Creates the structured log of the process. Callers log codes, names and numbers, never ids of shoppers, GraphQL
 * variables or addresses. Errors are logged by name, code and stack without message, as driver messages may quote data.
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

/** Returns the loggable part of an error: kind and stack, without message. Causes are followed three levels deep. */
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
