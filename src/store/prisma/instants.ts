/** Milliseconds since the epoch → what Prisma takes; null stays null. */
export const toDate = (time: number | null): Date | null => (time === null ? null : new Date(time));

/** What Prisma gives → milliseconds since the epoch; null stays null. */
export const toTime = (date: Date | null): number | null => date?.getTime() ?? null;
