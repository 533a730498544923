import type { Campaign } from '../../domain/campaign';
import { sendingRulesOf } from '../../domain/campaignProblems';
import { type FrequencyCap, isWithinCap } from '../../domain/frequencyCap';
import { isTimeZone } from '../../domain/localTime';
import { nextSendingTime, sendingCalendar } from '../../domain/sendingTime';
import type { ShopPolicy } from '../../domain/shopPolicy';

const dayMs = 86_400_000;
/** How far ahead the next contact of a campaign without an end is looked for. */
const horizonDays = 365;

/** Returns the time zone of a shopper: their attribute `timeZone` where it names one, else that of the shop. */
export const timeZoneOf = (
  attributes: Readonly<Record<string, unknown>>,
  { campaigns }: Pick<ShopPolicy, 'campaigns'>,
): string => {
  const own = attributes['timeZone'];
  return isTimeZone(own) ? own : campaigns.timeZone;
};

/** Returns the caps that a contact of a campaign must keep: that of the shop, and its own. */
export const frequencyCapsOf = (
  { frequencyCap }: Pick<Campaign, 'frequencyCap'>,
  { campaigns: { maxContacts, capDays } }: Pick<ShopPolicy, 'campaigns'>,
): readonly FrequencyCap[] => [
  { contacts: maxContacts, days: capDays },
  ...(frequencyCap === null ? [] : [frequencyCap]),
];

/** Where and since when a contact is looked for. */
export interface ContactSearch {
  readonly timeZone: string;
  /** Instants of the shopper's other contacts, of every campaign; at least those of the days of the longest cap. */
  readonly contactedAt: readonly number[];
  readonly now: number;
}

/**
 * Returns the first instant from now on at which a campaign may contact a shopper: between its start and its end, outside
 * quiet hours, within its windows, and within the caps of the shop and its own. Null when there is none.
 */
export function nextContact(
  campaign: Pick<Campaign, 'startsAt' | 'endsAt' | 'frequencyCap' | 'quietHours' | 'sendingWindows'>,
  policy: Pick<ShopPolicy, 'campaigns'>,
  { timeZone, contactedAt, now }: ContactSearch,
): number | null {
  const calendar = sendingCalendar(sendingRulesOf(campaign, policy));
  const caps = frequencyCapsOf(campaign, policy);
  const start = Math.max(now, campaign.startsAt ?? now);
  const until = campaign.endsAt ?? start + horizonDays * dayMs;
  // A cap that forbids an instant allows one again when a contact leaves its window, and at no other time.
  const starts = [start, ...contactedAt.flatMap(at => caps.map(({ days }) => at + days * dayMs))];
  for (const from of starts.filter(at => at >= start).sort((left, right) => left - right)) {
    const at = nextSendingTime(calendar, timeZone, from, until);
    if (at === null) return null;
    if (caps.every(cap => isWithinCap(contactedAt, at, cap))) return at;
  }
  return null;
}
