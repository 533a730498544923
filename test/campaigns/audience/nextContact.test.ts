import { frequencyCapsOf, nextContact, timeZoneOf } from '../../../src/campaigns/audience/nextContact';
import { sendingRulesOf } from '../../../src/domain/campaignProblems';
import { isWithinCap } from '../../../src/domain/frequencyCap';
import { minuteOfWeek, weekdays } from '../../../src/domain/localTime';
import { sendingCalendar } from '../../../src/domain/sendingTime';
import { shopPolicyOf } from '../../../src/domain/shopPolicy';
import { createRng } from '../../../src/numeric/rng';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const start = Date.UTC(2026, 2, 20);

it('takes the time zone of the shopper where it is one, else that of the shop', () => {
  const policy = shopPolicyOf({ 'campaigns.timeZone': 'Asia/Shanghai' });
  expect(timeZoneOf({ timeZone: 'Europe/Paris' }, policy)).toBe('Europe/Paris');
  for (const attributes of [{}, { timeZone: 'Paris' }, { timeZone: 3 }, { timeZone: ['UTC'] }])
    expect(timeZoneOf(attributes, policy)).toBe('Asia/Shanghai');
});

it('breaks no cap, quiet hour or window, and passes over no minute that breaks none', () => {
  const rng = createRng(11);
  const whole = (below: number): number => Math.floor(rng.uniform() * below);
  const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata', 'America/New_York'];
  for (let round = 0; round < 15; round++) {
    const policy = shopPolicyOf({
      'campaigns.maxContacts': 1 + whole(3),
      'campaigns.capDays': 1 + whole(5),
      'campaigns.quietFromMinute': whole(1440),
      'campaigns.quietToMinute': whole(1440),
    });
    const campaign = {
      startsAt: start + whole(2 * 1440) * minuteMs,
      endsAt: start + (2 + whole(10)) * dayMs,
      frequencyCap: whole(2) === 0 ? null : { contacts: 1, days: 1 + whole(4) },
      quietHours: whole(2) === 0 ? null : { startMinute: whole(1440), endMinute: whole(1440) },
      sendingWindows:
        whole(2) === 0
          ? []
          : [{ weekdays: weekdays.filter(() => whole(3) > 0), startMinute: 300, endMinute: 1300 }],
    };
    const timeZone = zones[whole(zones.length)];
    const contactedAt = Array.from({ length: whole(5) }, () => start + whole(12 * 1440) * minuteMs);
    const now = start + whole(1440) * minuteMs;
    const calendar = sendingCalendar(sendingRulesOf(campaign, policy));
    const isAllowed = (at: number): boolean =>
      calendar.waits[minuteOfWeek(at, timeZone)] === 0 &&
      frequencyCapsOf(campaign, policy).every(cap => isWithinCap(contactedAt, at, cap));
    let expected: number | null = null;
    for (let at = Math.max(now, campaign.startsAt); expected === null && at < campaign.endsAt; at += minuteMs)
      if (isAllowed(at)) expected = at;
    expect(nextContact(campaign, policy, { timeZone, contactedAt, now })).toBe(expected);
  }
});
