const dayMs = 86_400_000;

/** Limit of contacts to one shopper: at most `contacts` in any `days` × 24 hours, over all campaigns. */
export interface FrequencyCap {
  /** 1-100. */
  readonly contacts: number;
  /** 1-365. */
  readonly days: number;
}

/**
 * Returns whether one more contact keeps a cap. Contacts before and after it count, because contacts may be planned.
 *
 * @param contactedAt - instants of the shopper's other contacts, of every campaign, in any order
 * @param at - instant of the contact, milliseconds since the epoch
 */
export function isWithinCap(
  contactedAt: readonly number[],
  at: number,
  { contacts, days }: FrequencyCap,
): boolean {
  const length = days * dayMs;
  const near = [...contactedAt, at].filter(time => Math.abs(time - at) < length).sort((a, b) => a - b);
  // The cap is broken when contacts + 1 of them lie within one window.
  return near.every((time, place) => place < contacts || time - near[place - contacts] >= length);
}

/** Returns whether a cap can forbid a contact that the other one allows. */
export const isStricterCap = (cap: FrequencyCap, than: FrequencyCap): boolean =>
  cap.contacts < than.contacts || cap.days > than.days;
