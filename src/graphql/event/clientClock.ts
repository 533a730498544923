import { parseInstant } from '../../intake/time';
import type { UserError } from '../errors/userError.type';

/** Differences up to this, in milliseconds, are the time that a request takes on a poor network. */
const toleratedMs = 60_000;

/**
 * Returns the milliseconds to add to a client's times: what its clock lacks, when it is more than a minute wrong.
 *
 * @param sentAt - the client's clock when it sent the batch; absent for a clock that is right
 * @returns 0 when nothing is to be corrected; NaN when `sentAt` is not an instant
 */
export function clockCorrection(sentAt: string | null | undefined, now: number): number {
  if (sentAt === null || sentAt === undefined) return 0;
  const correction = now - parseInstant(sentAt);
  return Math.abs(correction) <= toleratedMs ? 0 : correction;
}

/** Returns the time of an event by the gateway's clock; a text that is not an instant stays as it is, and is rejected later. */
export function correctedTime(
  occurredAt: string | null | undefined,
  correction: number,
): string | Date | null | undefined {
  if (correction === 0 || occurredAt === null || occurredAt === undefined) return occurredAt;
  const time = parseInstant(occurredAt) + correction;
  return Number.isNaN(time) ? occurredAt : new Date(time);
}

/** Why a batch with an invalid `sentAt` is not stored. */
export const sentAtInvalid: UserError = {
  field: ['input', 'sentAt'],
  message:
    'Expected sentAt as ISO 8601 with a time zone; got other text. Nothing was stored: correct it, or leave it out.',
  code: 'INVALID',
};
