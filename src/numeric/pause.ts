/**
 * Lets the event loop turn once, so that an abort can arrive and other work be done: long loops await it now and then.
 * Neither a clock nor I/O: what follows is computed as it would have been.
 */
export const pause = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
