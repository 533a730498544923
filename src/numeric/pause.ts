/**
 * Yields to the event loop once, so that an abort can arrive and other work can run. Long loops await it regularly.
 * It does not affect results.
 */
export const pause = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
