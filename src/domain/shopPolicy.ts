import {
  type ByInteractionType,
  byInteractionType,
  type InteractionType,
  interactionTypes,
} from './interaction';

/**
 * How much one event of each type says that the shopper likes the product; negative for dislike. That of a type with stars is
 * multiplied by (stars - 2.5) / 2.5, so one star counts against. The weights of all events of one (user, product) pair are summed and
 * clamped to ±maxEventWeight.
 */
export type EventWeights = ByInteractionType<number>;

/** Default event weights: a purchase says more than a view. */
export const defaultEventWeights: EventWeights = byInteractionType(({ weight }) => weight);

/** Largest absolute weight of one event, and of all events of one (user, product) pair together. */
export const maxEventWeight = 25;

/** Rules that decide which products are left out of a shopper's own lists. */
export const alreadySeenRules = [
  /** None: for shops of repeat purchases, such as grocers. */
  'KEEP',
  /** Products that the shopper bought, returned or disliked. */
  'EXCLUDE_PURCHASED',
  /** Products for which the shopper has any event, a view included. */
  'EXCLUDE_SEEN',
] as const;
/** One of {@link alreadySeenRules}. */
export type AlreadySeenRule = (typeof alreadySeenRules)[number];

/** What a shop can set for itself. Training, serving, interests and upkeep all read this one object. */
export interface ShopPolicy {
  readonly eventWeights: EventWeights;
  readonly alreadySeen: {
    readonly rule: AlreadySeenRule;
    /** Days for which an event counts for the rule, 1-3650; null: however old the event is. */
    readonly days: number | null;
  };
  readonly newcomers: {
    /**
     * In a shopper's own list, one place in this many is offered to a product too new for the leading model, 1-100; 0
     * offers none. Shorter lists have no such place.
     */
    readonly every: number;
    /** Days after its creation for which a product that nobody has liked counts as new, 1-365. */
    readonly days: number;
  };
  readonly retention: {
    /** Days an interaction is kept, 1-36500; null keeps it until the user is erased. */
    readonly interactionDays: number | null;
    /** Days a recommendation list is kept for attribution, 1-3650. */
    readonly listDays: number;
  };
  /** Days after a list or contact in which an event may be attributed to it, 1-365. Campaign reports will read it. */
  readonly attributionWindowDays: number;
}

/** Names one setting: `newcomers.every`, `eventWeights.VIEW`. */
export type PolicyKey =
  | `eventWeights.${InteractionType}`
  | 'alreadySeen.rule'
  | 'alreadySeen.days'
  | 'newcomers.every'
  | 'newcomers.days'
  | 'retention.interactionDays'
  | 'retention.listDays'
  | 'attributionWindowDays';

/** What a setting holds. */
export type PolicyValue = number | string | null;

/** Settings that differ from their defaults, by key; what a store keeps. */
export type PolicyOverrides = Readonly<Partial<Record<PolicyKey, PolicyValue>>>;

/** Settings to change, by key: null resets one to its default, those left out stay as they are. */
export type PolicyChange = PolicyOverrides;

/** Why a setting was refused. */
export interface PolicyProblem {
  /** As given: it may be unknown. */
  readonly key: string;
  /** What was expected, what came, and the remedy. */
  readonly message: string;
}

interface Setting {
  readonly initial: PolicyValue;
  /** What it accepts, for people. */
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
  initial: 'EXCLUDE_PURCHASED',
  expected: `one of ${alreadySeenRules.join(', ')}`,
  accepts: value => alreadySeenRules.some(rule => rule === value),
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
  ['retention.interactionDays', wholeNumber(1, 36_500, null)],
  ['retention.listDays', wholeNumber(1, 3650, 90)],
  ['attributionWindowDays', wholeNumber(1, 365, 30)],
]);

/** Every setting, in the order of {@link ShopPolicy}. */
export const policyKeys = [...settings.keys()] as readonly PolicyKey[];

/** The setting of a name, or those of a group: `eventWeights`. Empty for an unknown name. */
export const policyKeysOf = (name: string): readonly PolicyKey[] =>
  policyKeys.filter(key => key === name || key.startsWith(`${name}.`));

/** What a setting accepts, for people: "a whole number from 0 to 100". */
export const expectedOf = (key: PolicyKey): string => settings.get(key)?.expected ?? '';

/** The policy of a shop that set these; everything else has its default. */
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
    retention: {
      interactionDays: read<number | null>('retention.interactionDays'),
      listDays: read<number>('retention.listDays'),
    },
    attributionWindowDays: read<number>('attributionWindowDays'),
  };
}

/** The policy of a shop that set nothing. */
export const defaultShopPolicy: ShopPolicy = shopPolicyOf({});

/** The value of one setting. */
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

/** Every reason why a change cannot be made; empty when it can. */
export const problemsOfChange = (change: Readonly<Record<string, unknown>>): readonly PolicyProblem[] =>
  Object.entries(change).flatMap(([key, value]) => problemOf(key, value));

/** The overrides after a change. */
export const changedOverrides = (overrides: PolicyOverrides, change: PolicyChange): PolicyOverrides =>
  Object.fromEntries(Object.entries({ ...overrides, ...change }).filter(([, value]) => value !== null));

/**
 * Reads what a store kept. Unknown keys are passed over: another version of the gateway may know them. A known key with
 * a value outside its range leaves that setting at its default, and is named in `problems`. What is no object sets
 * nothing.
 *
 * @param more - settings that are kept elsewhere
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
