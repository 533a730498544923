import type { ProductId } from './ids';

/** What shoppers did with products. */
export interface ProductUse {
  /** Any of these products, or of products below one of `categories`. */
  readonly productIds: readonly ProductId[];
  /** Each from the root down. */
  readonly categories: readonly (readonly string[])[];
  /** Within this number of days before now, 1-3650. */
  readonly days: number;
}

/** A condition on one shopper. Exactly one key; this form is also what the API accepts and what is stored. */
export type AudienceFilter =
  | { readonly all: readonly AudienceFilter[] }
  | { readonly any: readonly AudienceFilter[] }
  | { readonly not: AudienceFilter }
  /** Belongs to an interest tag, or to one below it, with at least this weight, 0-1. */
  | { readonly interestTag: { readonly tagId: string; readonly minWeight: number } }
  | { readonly bought: ProductUse }
  | { readonly viewed: ProductUse }
  /** Has at least this number of orders; within this number of days, null: ever. Purchases of one instant are one order. */
  | { readonly orders: { readonly atLeast: number; readonly days: number | null } }
  /**
   * The latest order is older than `olderThanDays`, or newer than `newerThanDays`; with both, in between. Shoppers without
   * an order never match.
   */
  | {
      readonly lastOrder: { readonly olderThanDays: number | null; readonly newerThanDays: number | null };
    }
  /** The attribute of the shopper equals the value, with the same type; of a list, one of its entries. */
  | { readonly attribute: { readonly name: string; readonly equals: string | number | boolean } }
  /** The predicted probability of a response is at least this, 0-1. */
  | { readonly predictedResponse: { readonly atLeast: number } };

/** Keys of {@link AudienceFilter}. */
export const audienceConditions = [
  ...(['all', 'any', 'not', 'interestTag', 'bought', 'viewed'] as const),
  ...(['orders', 'lastOrder', 'attribute', 'predictedResponse'] as const),
] as const;

/** Whom a campaign may address, among those who allow it: those who match, or whom the model chooses. */
export type Audience = { readonly by: 'MODEL' } | { readonly by: 'FILTER'; readonly filter: AudienceFilter };

/** Bounds of a filter: how deep it may be nested, and how many conditions it may have. */
const maxFilterDepth = 6;
const maxFilterConditions = 50;
/** Number of products or categories in one condition. */
const maxListLength = 200;
const maxDays = 3650;

/** Why an input was refused. */
export interface InputProblem {
  /** Names of the fields from the outermost one, with positions in lists. */
  readonly path: readonly string[];
  /** Expected and received value, and the remedy. */
  readonly message: string;
}

/** Builds a problem. */
export const inputProblem = (
  path: readonly string[],
  expected: string,
  got: string | number,
  remedy: string,
): InputProblem => ({ path, message: `Expected ${expected}; got ${got}. ${remedy}` });

/** Returns no problem, or one, for a whole number that must lie in a range. */
export function wholeNumberProblem(
  value: number,
  [low, high]: readonly [low: number, high: number],
  path: readonly string[],
  what: string,
): readonly InputProblem[] {
  if (Number.isInteger(value) && value >= low && value <= high) return [];
  return [inputProblem(path, `${what} to be a whole number from ${low} to ${high}`, value, 'Correct it.')];
}

/** Returns no problem, or one, for a share. */
function shareProblem(value: number, path: readonly string[], what: string): readonly InputProblem[] {
  if (value >= 0 && value <= 1) return [];
  return [inputProblem(path, `${what} from 0 to 1`, value, 'Correct it.')];
}

/** Returns the problems of a list of products and categories, which may not both be empty. */
export function coverageProblems(
  { productIds, categories }: Pick<ProductUse, 'productIds' | 'categories'>,
  path: readonly string[],
  what: string,
): readonly InputProblem[] {
  if (productIds.length + categories.length === 0)
    return [
      inputProblem(
        [...path, 'productIds'],
        `${what} with products or categories`,
        'neither',
        'Name at least one.',
      ),
    ];
  const length = Math.max(productIds.length, categories.length);
  const tooLong =
    length > maxListLength
      ? [
          inputProblem(
            path,
            `at most ${maxListLength} products and as many categories`,
            length,
            'Name categories instead.',
          ),
        ]
      : [];
  const empty = categories.flatMap((category, place) =>
    category.length > 0 && category.every(level => level !== '')
      ? []
      : [
          inputProblem(
            [...path, 'categories', String(place)],
            'a category from the root down, such as ["Home", "Kitchen"]',
            'one with an empty level or none',
            'Leave the others out.',
          ),
        ],
  );
  return [...tooLong, ...empty];
}

function lastOrderProblems(
  {
    olderThanDays,
    newerThanDays,
  }: { readonly olderThanDays: number | null; readonly newerThanDays: number | null },
  path: readonly string[],
): readonly InputProblem[] {
  const bounds = Object.entries({ olderThanDays, newerThanDays });
  if (bounds.every(([, days]) => days === null))
    return [inputProblem(path, '`olderThanDays` or `newerThanDays`', 'neither', 'Give at least one.')];
  const ranges = bounds.flatMap(([name, days]) =>
    days === null ? [] : wholeNumberProblem(days, [1, maxDays], [...path, name], name),
  );
  if (olderThanDays === null || newerThanDays === null || olderThanDays < newerThanDays) return ranges;
  const remedy = 'Older than 30 and newer than 90 days is an order between the two.';
  return [
    ...ranges,
    inputProblem([...path, 'olderThanDays'], `fewer days than ${newerThanDays}`, olderThanDays, remedy),
  ];
}

function leafProblems(filter: AudienceFilter, path: readonly string[]): readonly InputProblem[] {
  if ('interestTag' in filter)
    return shareProblem(filter.interestTag.minWeight, [...path, 'minWeight'], '`minWeight`');
  if ('bought' in filter || 'viewed' in filter) {
    const use = 'bought' in filter ? filter.bought : filter.viewed;
    return [
      ...coverageProblems(use, path, 'a condition'),
      ...wholeNumberProblem(use.days, [1, maxDays], [...path, 'days'], '`days`'),
    ];
  }
  if ('orders' in filter) {
    const { atLeast, days } = filter.orders;
    return [
      ...wholeNumberProblem(atLeast, [1, 10_000], [...path, 'atLeast'], '`atLeast`'),
      ...(days === null ? [] : wholeNumberProblem(days, [1, maxDays], [...path, 'days'], '`days`')),
    ];
  }
  if ('lastOrder' in filter) return lastOrderProblems(filter.lastOrder, path);
  if ('predictedResponse' in filter)
    return shareProblem(filter.predictedResponse.atLeast, [...path, 'atLeast'], '`atLeast`');
  return [];
}

/** Returns the filters within a filter. */
const partsOf = (filter: AudienceFilter): readonly AudienceFilter[] => {
  if ('all' in filter) return filter.all;
  if ('any' in filter) return filter.any;
  return 'not' in filter ? [filter.not] : [];
};

/** Returns all conditions of a filter that have no conditions within. */
const leavesOf = (filter: AudienceFilter): readonly AudienceFilter[] => {
  const parts = partsOf(filter);
  return parts.length === 0 ? [filter] : parts.flatMap(leavesOf);
};

function nestedProblems(
  filter: AudienceFilter,
  path: readonly string[],
  depth: number,
): readonly InputProblem[] {
  const [key] = Object.keys(filter);
  const here = [...path, key];
  if (depth > maxFilterDepth)
    return [
      inputProblem(here, `at most ${maxFilterDepth} levels of conditions`, 'more', 'Nest them less deeply.'),
    ];
  const isList = key === 'all' || key === 'any';
  const parts = partsOf(filter);
  if (isList && parts.length === 0)
    return [inputProblem(here, 'at least one condition', 'none', 'Add one, or leave the list out.')];
  const inner = parts.flatMap((part, place) =>
    nestedProblems(part, isList ? [...here, String(place)] : here, depth + 1),
  );
  return [...leafProblems(filter, here), ...inner];
}

/** Returns every reason to refuse a filter; empty when there is none. @param path - of the filter in the input */
export function filterProblems(filter: AudienceFilter, path: readonly string[]): readonly InputProblem[] {
  const nested = nestedProblems(filter, path, 1);
  if (nested.length > 0) return nested;
  const conditions = leavesOf(filter).length;
  if (conditions <= maxFilterConditions) return [];
  return [
    inputProblem(
      path,
      `at most ${maxFilterConditions} conditions`,
      conditions,
      'Use fewer, with lists of products.',
    ),
  ];
}
