/** Gives waiting requests their turn between two heavy steps. */
export const breathe = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
