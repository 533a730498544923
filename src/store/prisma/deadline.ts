import { GatewayError } from '../../domain/errors';

/**
 * Calls `onLate` after `timeoutMs`, unless the returned function is called first. Results that arrived while the event loop
 * was busy are read before: a busy process must not look like an unresponsive server.
 */
export function startDeadline(timeoutMs: number, onLate: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(() => {
      turn = setImmediate(onLate);
    });
  }, timeoutMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

/** The error of a call whose outcome is unknown. */
export const lateError = (timeoutMs: number): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected the database to respond within ${timeoutMs} ms; it did not. What was sent may have been written: send it again with the same ids.`,
  );

/**
 * Returns the result of `work`, if it ends in time. The work continues after the deadline; a later rejection is handled
 * here, so that it does not end the process.
 *
 * @throws {GatewayError} UNAVAILABLE after `timeoutMs`
 */
export function withinDeadline<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = startDeadline(timeoutMs, () => reject(lateError(timeoutMs)));
    work.then(resolve, reject).finally(stop);
  });
}

/** Returns how long a call may wait for its turn in a group commit before it is rejected unsent. */
export const waitLimitOf = ({ deadlineMs }: { readonly deadlineMs: number | null }) => ({
  maxWaitMs: deadlineMs ?? Number.POSITIVE_INFINITY,
  tooLate: () =>
    new GatewayError(
      'UNAVAILABLE',
      'Expected the database to respond to earlier writes; it did not. This one was not written: send it again with the same ids after a second.',
    ),
});
