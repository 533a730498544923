/** Returned by {@link withDeadline} after the timeout. */
export const timedOut: unique symbol = Symbol('timedOut');

/**
 * Returns the promise's value, or {@link timedOut} after `timeoutMs`. The work continues; a later rejection is handled here,
 * so that it does not end the process. Results that arrived while the event loop was busy, for example with loading a model,
 * are read before the time is up.
 */
export async function withDeadline<Value>(
  work: Promise<Value>,
  timeoutMs: number,
): Promise<Value | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof timedOut>(resolve => {
    timer = setTimeout(() => setImmediate(() => setImmediate(resolve, timedOut)), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
