import {
  coverageProblems,
  filterProblems,
  type InputProblem,
  inputProblem,
  wholeNumberProblem,
} from './audience';
import type { Campaign, CampaignWithOffers, Offer } from './campaign';
import { isStricterCap } from './frequencyCap';
import { minutesPerDay } from './localTime';
import { type QuietHours, type SendingRules, type SendingWindow, sendingCalendar } from './sendingTime';
import type { ShopPolicy } from './shopPolicy';

const maxMoney = 2_147_483_647;
const maxNameLength = 200;
const maxOffers = 50;
const maxWindows = 20;
const maxHoldoutRate = 0.9;

/** Returns the sending rules of a campaign: its own quiet hours and windows, and the quiet hours of the shop. */
export const sendingRulesOf = (
  { quietHours, sendingWindows }: Pick<Campaign, 'quietHours' | 'sendingWindows'>,
  { campaigns }: Pick<ShopPolicy, 'campaigns'>,
): SendingRules => ({
  quietHours: [
    { startMinute: campaigns.quietFromMinute, endMinute: campaigns.quietToMinute },
    ...(quietHours === null ? [] : [quietHours]),
  ],
  windows: sendingWindows,
});

function nameProblems(name: string, path: readonly string[], what: string): readonly InputProblem[] {
  const { length } = name.trim();
  if (length >= 1 && length <= maxNameLength) return [];
  return [inputProblem(path, `${what} of 1 to ${maxNameLength} characters`, length, 'Correct it.')];
}

const money = (value: number | null, path: readonly string[], low = 0): readonly InputProblem[] =>
  value === null ? [] : wholeNumberProblem(value, [low, maxMoney], path, `\`${path[path.length - 1]}\``);

function channelProblems({ channels }: Campaign): readonly InputProblem[] {
  if (channels.length === 0)
    return [inputProblem(['channels'], 'at least one channel', 'none', 'Add the channels that it may use.')];
  const repeated = channels.flatMap(({ channel }, place) =>
    channels.findIndex(other => other.channel === channel) === place
      ? []
      : [
          inputProblem(
            ['channels', String(place)],
            'each channel once',
            `${channel} again`,
            'Keep one of them.',
          ),
        ],
  );
  const costs = channels.flatMap(({ costMinor }, place) =>
    money(costMinor, ['channels', String(place), 'costMinor']),
  );
  return [...repeated, ...costs];
}

function budgetProblems({ budgetMinor, channels }: Campaign): readonly InputProblem[] {
  if (budgetMinor === null || channels.length === 0) return [];
  const range = money(budgetMinor, ['budgetMinor'], 1);
  const cheapest = Math.min(...channels.map(({ costMinor }) => costMinor));
  if (range.length > 0 || budgetMinor >= cheapest) return range;
  const remedy = `Give at least ${cheapest}, or add a cheaper channel.`;
  return [
    inputProblem(['budgetMinor'], `the cost of at least one contact, ${cheapest}`, budgetMinor, remedy),
  ];
}

function quietProblems({ startMinute, endMinute }: QuietHours): readonly InputProblem[] {
  return [
    ...wholeNumberProblem(
      startMinute,
      [0, minutesPerDay - 1],
      ['quietHours', 'startMinute'],
      '`startMinute`',
    ),
    ...wholeNumberProblem(endMinute, [0, minutesPerDay - 1], ['quietHours', 'endMinute'], '`endMinute`'),
  ];
}

function windowProblems(window: SendingWindow, place: number): readonly InputProblem[] {
  const path = ['sendingWindows', String(place)];
  const { weekdays, startMinute, endMinute } = window;
  const days =
    weekdays.length > 0 && new Set(weekdays).size === weekdays.length
      ? []
      : [
          inputProblem(
            [...path, 'weekdays'],
            'at least one weekday, each once',
            weekdays.length,
            'Correct the list.',
          ),
        ];
  const ranges = [
    ...wholeNumberProblem(startMinute, [0, minutesPerDay - 1], [...path, 'startMinute'], '`startMinute`'),
    ...wholeNumberProblem(endMinute, [1, minutesPerDay], [...path, 'endMinute'], '`endMinute`'),
  ];
  if (ranges.length > 0 || endMinute > startMinute) return [...days, ...ranges];
  const remedy = 'For a window over midnight, give two: one until 1440, and one from 0 of the next day.';
  return [...days, inputProblem([...path, 'endMinute'], `a minute after ${startMinute}`, endMinute, remedy)];
}

function sendingProblems(campaign: Campaign, policy: ShopPolicy): readonly InputProblem[] {
  const { quietHours, sendingWindows } = campaign;
  if (sendingWindows.length > maxWindows)
    return [
      inputProblem(['sendingWindows'], `at most ${maxWindows} windows`, sendingWindows.length, 'Join some.'),
    ];
  const parts = [
    ...(quietHours === null ? [] : quietProblems(quietHours)),
    ...sendingWindows.flatMap(windowProblems),
  ];
  if (parts.length > 0 || sendingCalendar(sendingRulesOf(campaign, policy)).openMinutes > 0) return parts;
  const { quietFromMinute, quietToMinute } = policy.campaigns;
  const remedy = `Widen the windows or shorten the quiet hours; those of the shop last from minute ${quietFromMinute} to ${quietToMinute}.`;
  return [
    inputProblem(['sendingWindows'], 'at least one minute of a week outside quiet hours', 'none', remedy),
  ];
}

function capProblems({ frequencyCap }: Campaign, { campaigns }: ShopPolicy): readonly InputProblem[] {
  if (frequencyCap === null) return [];
  const ranges = [
    ...wholeNumberProblem(frequencyCap.contacts, [1, 100], ['frequencyCap', 'contacts'], '`contacts`'),
    ...wholeNumberProblem(frequencyCap.days, [1, 365], ['frequencyCap', 'days'], '`days`'),
  ];
  const shop = { contacts: campaigns.maxContacts, days: campaigns.capDays };
  if (ranges.length > 0 || isStricterCap(frequencyCap, shop)) return ranges;
  const got = `${frequencyCap.contacts} in ${frequencyCap.days}`;
  const expected = `a cap stricter than the shop's, ${shop.contacts} contacts in ${shop.days} days`;
  return [inputProblem(['frequencyCap'], expected, got, 'Leave it out: the cap of the shop always holds.')];
}

function timeProblems({ startsAt, endsAt }: Campaign): readonly InputProblem[] {
  if (startsAt === null || endsAt === null || startsAt < endsAt) return [];
  const start = new Date(startsAt).toISOString();
  return [
    inputProblem(
      ['endsAt'],
      `an end after the start, ${start}`,
      new Date(endsAt).toISOString(),
      'Move one of them.',
    ),
  ];
}

function shareProblems({ holdoutRate, attributionWindowDays: days }: Campaign): readonly InputProblem[] {
  const share =
    holdoutRate >= 0 && holdoutRate <= maxHoldoutRate
      ? []
      : [inputProblem(['holdoutRate'], `a hold-out from 0 to ${maxHoldoutRate}`, holdoutRate, 'Try 0.1.')];
  const window =
    days === null
      ? []
      : wholeNumberProblem(days, [1, 365], ['attributionWindowDays'], '`attributionWindowDays`');
  return [...share, ...window];
}

/** Values that each kind of offer requires; all others must be absent. */
const offerValues: Readonly<
  Record<Offer['kind'], readonly (readonly ('discountRate' | 'discountMinor' | 'points')[])[]>
> = {
  PERCENTAGE: [['discountRate']],
  FIXED: [['discountMinor']],
  FREE_SHIPPING: [[]],
  BUNDLE: [['discountRate'], ['discountMinor']],
  POINTS: [['points']],
};

function offerValueProblems(offer: Offer, path: readonly string[]): readonly InputProblem[] {
  const { kind, discountRate, discountMinor, points } = offer;
  const given = Object.entries({ discountRate, discountMinor, points }).flatMap(([name, value]) =>
    value === null ? [] : [name],
  );
  const fitting = offerValues[kind].some(names => names.join() === given.join());
  if (!fitting) {
    const expected = offerValues[kind]
      .map(names => names.map(name => `\`${name}\``).join() || 'none of them')
      .join(' or ');
    return [
      inputProblem(
        [...path, 'kind'],
        `a ${kind} offer with ${expected}`,
        given.map(name => `\`${name}\``).join(', ') || 'none',
        'Of `discountRate`, `discountMinor` and `points`, give what the kind says.',
      ),
    ];
  }
  const rate =
    discountRate === null || (discountRate > 0 && discountRate <= 1)
      ? []
      : [
          inputProblem(
            [...path, 'discountRate'],
            'a share above 0 and up to 1',
            discountRate,
            'Give 0.1 for 10 %.',
          ),
        ];
  return [
    ...rate,
    ...money(discountMinor, [...path, 'discountMinor'], 1),
    ...money(points, [...path, 'points'], 1),
  ];
}

function offerProblems(offer: Offer, place: number): readonly InputProblem[] {
  const path = ['offers', String(place)];
  const isLoneBundle = offer.kind === 'BUNDLE' && offer.productIds.length + offer.categories.length === 1;
  const bundle = isLoneBundle
    ? [
        inputProblem(
          [...path, 'productIds'],
          'a bundle of at least two products or categories',
          'one',
          'Add what is bought with it.',
        ),
      ]
    : [];
  return [
    ...nameProblems(offer.title, [...path, 'title'], 'a title'),
    ...coverageProblems(offer, path, 'an offer'),
    ...bundle,
    ...offerValueProblems(offer, path),
    ...money(offer.costMinor, [...path, 'costMinor']),
  ];
}

function offersProblems(offers: readonly Offer[]): readonly InputProblem[] {
  if (offers.length > maxOffers)
    return [
      inputProblem(['offers'], `at most ${maxOffers} offers`, offers.length, 'Split them over campaigns.'),
    ];
  const ids = offers.map(({ id }) => id);
  const repeated = ids.flatMap((id, place) =>
    ids.indexOf(id) === place
      ? []
      : [
          inputProblem(
            ['offers', String(place), 'offerId'],
            'each offer id once',
            `${id} again`,
            'Rename one of them.',
          ),
        ],
  );
  return [...repeated, ...offers.flatMap(offerProblems)];
}

/**
 * Returns every reason to refuse a campaign, whatever its status; empty when there is none. What a draft may still lack is
 * in {@link launchProblems}.
 */
export function campaignProblems(
  { campaign, offers }: CampaignWithOffers,
  policy: ShopPolicy,
): readonly InputProblem[] {
  const { audience } = campaign;
  return [
    ...nameProblems(campaign.name, ['name'], 'a name'),
    ...channelProblems(campaign),
    ...budgetProblems(campaign),
    ...timeProblems(campaign),
    ...capProblems(campaign, policy),
    ...sendingProblems(campaign, policy),
    ...shareProblems(campaign),
    ...offersProblems(offers),
    ...(audience.by === 'FILTER' ? filterProblems(audience.filter, ['audience', 'filter']) : []),
  ];
}

/** Returns what a campaign lacks to be launched, besides {@link campaignProblems}; empty when nothing. */
export function launchProblems(
  { campaign, offers }: CampaignWithOffers,
  now: number,
): readonly InputProblem[] {
  const { budgetMinor, startsAt, endsAt, holdoutRate } = campaign;
  const missing = (path: string, expected: string, remedy: string) =>
    inputProblem([path], expected, 'none', remedy);
  const problems: readonly (readonly [isMissing: boolean, problem: InputProblem])[] = [
    [budgetMinor === null, missing('budgetMinor', 'a budget', 'Say what it may spend.')],
    [startsAt === null, missing('startsAt', 'a start', 'Say when it starts.')],
    [endsAt === null, missing('endsAt', 'an end', 'Say when it ends, so that its effect can be read.')],
    [
      endsAt !== null && endsAt <= now,
      inputProblem(['endsAt'], 'an end in the future', 'a past one', 'Move it.'),
    ],
    [offers.length === 0, missing('offers', 'at least one offer', 'Add what shoppers are offered.')],
    [
      holdoutRate === 0,
      missing('holdoutRate', 'a hold-out', 'Give 0.1, or nobody can tell what it brought.'),
    ],
  ];
  return problems.filter(([isMissing]) => isMissing).map(([, problem]) => problem);
}
