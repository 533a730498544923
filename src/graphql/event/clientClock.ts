import { parseInstant } from '../../intake/time';

/** Differences up to this, in milliseconds, are the time that a request takes on a poor network. */
const toleratedMs = 60_000;

/**
 * Returns the milliseconds to add to a client's times: what its clock lacks, when it is more than a minute wrong.
 *
 * @param sentAt - the client's clock when it sent the batch, in milliseconds; absent for a clock that is right
 * @returns 0 when nothing is to be corrected
 */
export function clockCorrection(sentAt: number | null | undefined, now: number): number {
  if (sentAt === null || sentAt === undefined) return 0;
  const correction = now - sentAt;
  return Math.abs(correction) <= toleratedMs ? 0 : correction;
}

/**
 * Returns the time of an event by the gateway's clock, as intake reads it.
 *
 * @param occurredAt - milliseconds, or text; text that is not an instant stays as it is, and is rejected later
 */
export function correctedTime(
  occurredAt: number | string | null | undefined,
  correction: number,
): string | Date | null | undefined {
  if (occurredAt === null || occurredAt === undefined) return occurredAt;
  const time = typeof occurredAt === 'number' ? occurredAt : parseInstant(occurredAt);
  return Number.isNaN(time) ? String(occurredAt) : new Date(time + correction);
}
