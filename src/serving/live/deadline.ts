/** Answered by {@link withDeadline} when the time was up first. */
export const timedOut: unique symbol = Symbol('timedOut');

/**
 * The promise's value, or {@link timedOut} after `timeoutMs`. The work goes on unheard: a later rejection is taken
 * care of here, so that it does not end the process.
 */
export async function withDeadline<Value>(
  work: Promise<Value>,
  timeoutMs: number,
): Promise<Value | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof timedOut>(resolve => {
    timer = setTimeout(resolve, timeoutMs, timedOut);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
