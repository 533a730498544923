/** Converts milliseconds since the epoch to a Date for Prisma; null stays null. */
export const toDate = (time: number | null): Date | null => (time === null ? null : new Date(time));

/** Converts a Date of Prisma to milliseconds since the epoch; null stays null. */
export const toTime = (date: Date | null): number | null => date?.getTime() ?? null;
