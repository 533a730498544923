import {
  type ByInteractionType,
  byInteractionType,
  type InteractionType,
  interactionTypes,
} from './interaction';
import { isTimeZone } from './localTime';

/**
 * Weight of one event of each type in the preference for its product; negative for dislike. Weights of types with stars are
 * multiplied by (stars - 2.5) / 2.5, so one star counts against the product. The weights of all events of one (user,
 * product) pair are summed and clamped to ±maxEventWeight.
 */
export type EventWeights = ByInteractionType<number>;

/** Default event weights. */
export const defaultEventWeights: EventWeights = byInteractionType(({ weight }) => weight);

/** Largest absolute weight of one event, and of all events of one (user, product) pair together. */
export const maxEventWeight = 25;

/** Rules that decide which products are left out of a shopper's own lists. */
export const alreadySeenRules = [
  /**
   * Products that the shopper returned or disliked, and those that they bought, except where shoppers buy such products again:
   * the model that leads the list has learned that by category.
   */
  'LEARNED',
  /** None: for shops of repeat purchases, such as grocers. */
  'KEEP',
  /** Products that the shopper bought, returned or disliked. */
  'EXCLUDE_PURCHASED',
  /** Products for which the shopper has any event, a view included. */
  'EXCLUDE_SEEN',
] as const;
/** One of {@link alreadySeenRules}. */
export type AlreadySeenRule = (typeof alreadySeenRules)[number];

/** Settings of one shop. Training, serving, interests and upkeep all read this object. */
export interface ShopPolicy {
  readonly eventWeights: EventWeights;
  readonly alreadySeen: {
    readonly rule: AlreadySeenRule;
    /** Number of days for which an event counts for the rule, 1-3650; null for events of any age. */
    readonly days: number | null;
  };
  readonly newcomers: {
    /**
     * Distance between the places of a shopper's own list that are offered to products too new for the leading model,
     * 1-100; 0 offers none. Shorter lists have no such place.
     */
    readonly every: number;
    /** Number of days after its creation for which a product without likes counts as new, 1-365. */
    readonly days: number;
  };
  readonly discovery: {
    /**
     * Number of places of a shopper's own list of which at least one has a product that they never bought, 1-100; 0 keeps no
     * such place.
     */
    readonly every: number;
  };
  readonly retention: {
    /** Number of days that interactions are stored, 1-36500; null stores them until the user is erased. */
    readonly interactionDays: number | null;
    /** Number of days that new recommendation lists are stored for attribution, 1-3650. */
    readonly listDays: number;
  };
  /** Number of days after a list or contact in which an event may be attributed to it, 1-365. Nothing reads it yet. */
  readonly attributionWindowDays: number;
  readonly campaigns: {
    /** Number of contacts that a shopper may have in `capDays` days over all campaigns, 1-100. */
    readonly maxContacts: number;
    /** 1-365. */
    readonly capDays: number;
    /** Minute of the local day from which nobody is contacted, 0-1439; equal to `quietToMinute`: no quiet hours. */
    readonly quietFromMinute: number;
    /** Minute of the local day at which the quiet hours end, 0-1439; before `quietFromMinute` where they last over midnight. */
    readonly quietToMinute: number;
    /** IANA name of the time zone of shoppers whose attribute `timeZone` does not say. */
    readonly timeZone: string;
  };
}

/** Name of one setting: `newcomers.every`, `eventWeights.VIEW`. */
export type PolicyKey =
  | `eventWeights.${InteractionType}`
  | 'alreadySeen.rule'
  | 'alreadySeen.days'
  | 'newcomers.every'
  | 'newcomers.days'
  | 'discovery.every'
  | 'retention.interactionDays'
  | 'retention.listDays'
  | 'attributionWindowDays'
  | 'campaigns.maxContacts'
  | 'campaigns.capDays'
  | 'campaigns.quietFromMinute'
  | 'campaigns.quietToMinute'
  | 'campaigns.timeZone';

/** Value of a setting. */
export type PolicyValue = number | string | null;

/** Settings that differ from their defaults, by key, as stored. */
export type PolicyOverrides = Readonly<Partial<Record<PolicyKey, PolicyValue>>>;

/** Settings to change, by key: null resets one to its default; absent ones stay. */
export type PolicyChange = PolicyOverrides;

/** Why a setting was refused. */
export interface PolicyProblem {
  /** As given: it may be unknown. */
  readonly key: string;
  /** Expected and received value, and the remedy. */
  readonly message: string;
}

interface Setting {
  readonly initial: PolicyValue;
  /** Accepted values, for messages. */
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const wholeNumber = (low: number, high: number, initial: number | null): Setting => ({
  initial,
  expected: `a whole number from ${low} to ${high}`,
  accepts: value => typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high,
});

const weight = (initial: number): Setting => ({
  initial,
  expected: `a number from ${-maxEventWeight} to ${maxEventWeight}`,
  accepts: value => typeof value === 'number' && Math.abs(value) <= maxEventWeight,
});

const alreadySeenRule: Setting = {
  initial: 'LEARNED',
  expected: `one of ${alreadySeenRules.join(', ')}`,
  accepts: value => alreadySeenRules.some(rule => rule === value),
};

const timeZone: Setting = {
  initial: 'UTC',
  expected: 'the IANA name of a time zone, such as Europe/Berlin or UTC',
  accepts: isTimeZone,
};

const settings: ReadonlyMap<string, Setting> = new Map<PolicyKey, Setting>([
  ...interactionTypes.map((type): [PolicyKey, Setting] => [
    `eventWeights.${type}`,
    weight(defaultEventWeights[type]),
  ]),
  ['alreadySeen.rule', alreadySeenRule],
  ['alreadySeen.days', wholeNumber(1, 3650, null)],
  ['newcomers.every', wholeNumber(0, 100, 10)],
  ['newcomers.days', wholeNumber(1, 365, 14)],
  ['discovery.every', wholeNumber(0, 100, 6)],
  ['retention.interactionDays', wholeNumber(1, 36_500, null)],
  ['retention.listDays', wholeNumber(1, 3650, 90)],
  ['attributionWindowDays', wholeNumber(1, 365, 30)],
  ['campaigns.maxContacts', wholeNumber(1, 100, 3)],
  ['campaigns.capDays', wholeNumber(1, 365, 7)],
  ['campaigns.quietFromMinute', wholeNumber(0, 1439, 1260)],
  ['campaigns.quietToMinute', wholeNumber(0, 1439, 480)],
  ['campaigns.timeZone', timeZone],
]);

/** Every setting, in the order of {@link ShopPolicy}. */
export const policyKeys = [...settings.keys()] as readonly PolicyKey[];

/** Returns the keys of a setting or of a group (`eventWeights`); empty for an unknown name. */
export const policyKeysOf = (name: string): readonly PolicyKey[] =>
  policyKeys.filter(key => key === name || key.startsWith(`${name}.`));

/** Returns the accepted values of a setting: "a whole number from 0 to 100". */
export const expectedOf = (key: PolicyKey): string => settings.get(key)?.expected ?? '';

/** Returns the policy of a shop with these overrides; other settings have their defaults. */
export function shopPolicyOf(overrides: PolicyOverrides): ShopPolicy {
  const read = <Value extends PolicyValue>(key: PolicyKey): Value =>
    (overrides[key] ?? settings.get(key)?.initial ?? null) as Value;
  const weights = interactionTypes.map(type => [type, read<number>(`eventWeights.${type}`)] as const);
  return {
    eventWeights: Object.fromEntries(weights) as Record<InteractionType, number>,
    alreadySeen: {
      rule: read<AlreadySeenRule>('alreadySeen.rule'),
      days: read<number | null>('alreadySeen.days'),
    },
    newcomers: { every: read<number>('newcomers.every'), days: read<number>('newcomers.days') },
    discovery: { every: read<number>('discovery.every') },
    retention: {
      interactionDays: read<number | null>('retention.interactionDays'),
      listDays: read<number>('retention.listDays'),
    },
    attributionWindowDays: read<number>('attributionWindowDays'),
    campaigns: {
      maxContacts: read<number>('campaigns.maxContacts'),
      capDays: read<number>('campaigns.capDays'),
      quietFromMinute: read<number>('campaigns.quietFromMinute'),
      quietToMinute: read<number>('campaigns.quietToMinute'),
      timeZone: read<string>('campaigns.timeZone'),
    },
  };
}

/** Policy of a shop without overrides. */
export const defaultShopPolicy: ShopPolicy = shopPolicyOf({});

/** Returns the value of one setting. */
export function policyValueOf(policy: ShopPolicy, key: PolicyKey): PolicyValue {
  const [group, name] = key.split('.');
  const value = policy[group as keyof ShopPolicy];
  return typeof value === 'number' ? value : (value as Readonly<Record<string, PolicyValue>>)[name];
}

function problemOf(key: string, value: unknown): PolicyProblem[] {
  const setting = settings.get(key);
  if (setting === undefined) {
    const message = `Expected a setting of a shop; got ${key}. Use one of ${policyKeys.join(', ')}.`;
    return [{ key, message }];
  }
  if (value === null || setting.accepts(value)) return [];
  const message = `Expected ${key} to be ${setting.expected}; got ${JSON.stringify(value)}. Choose such a value, or null for the default.`;
  return [{ key, message }];
}

/** Returns every reason to refuse a change; empty when there is none. */
export const problemsOfChange = (change: Readonly<Record<string, unknown>>): readonly PolicyProblem[] =>
  Object.entries(change).flatMap(([key, value]) => problemOf(key, value));

/** Returns the overrides after a change. */
export const changedOverrides = (overrides: PolicyOverrides, change: PolicyChange): PolicyOverrides =>
  Object.fromEntries(Object.entries({ ...overrides, ...change }).filter(([, value]) => value !== null));

/**
 * Reads stored overrides. Unknown keys are ignored, because another version of the gateway may know them. A value out of
 * range leaves its setting at the default and is listed in `problems`. A value that is no object sets nothing.
 *
 * @param more - settings that are stored elsewhere
 */
export function readOverrides(
  stored: unknown,
  more: PolicyOverrides = {},
): { readonly overrides: PolicyOverrides; readonly problems: readonly PolicyProblem[] } {
  const isObject = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
  const known = Object.entries({ ...(isObject ? stored : {}), ...more }).filter(([key]) => settings.has(key));
  const problems = problemsOfChange(Object.fromEntries(known));
  const refused = new Set(problems.map(({ key }) => key));
  return { overrides: Object.fromEntries(known.filter(([key]) => !refused.has(key))), problems };
}
