import type { EventId, ListId, ProductId, ShopId, UserId } from './ids';

/** Meaning of an event's `value`: units, required or optional stars, or nothing. */
export type EventValue = 'none' | 'units' | 'stars' | 'optionalStars';

/** Meaning and fields of one type of event. */
export interface InteractionTypeSpec {
  /** Number of the type in snapshot columns, 0-254. Never changed, and never reused for another type. */
  readonly code: number;
  /** What the shopper did, for the schema and the docs. */
  readonly description: string;
  /** The same as a possible next action, for the schema. */
  readonly nextAction: string;
  /** Default weight of one event in the preference for the product; negative for dislike (snapshot/eventWeight.ts). */
  readonly weight: number;
  readonly value: EventValue;
  /** Whether the event must name a product. */
  readonly needsProduct: boolean;
  /** Whether the event must carry a text. Every type may carry one. */
  readonly needsText: boolean;
  /** Longest text, in UTF-16 code units. */
  readonly maxTextLength: number;
}

/** Fields that most types share: a product, neither a value nor a text. */
const plain = { value: 'none', needsProduct: true, needsText: false, maxTextLength: 1_000 } as const;

/**
 * All types of events that Affinity learns from. Intake, event weights, the schema and the next action read this table. A
 * new type gets the next free code; the enum of the database and the table of docs/import.md list it as well.
 */
export const interactionTypeTable = {
  VIEW: {
    ...plain,
    code: 0,
    description: 'Viewed a product.',
    nextAction: 'View a product.',
    weight: 1,
  },
  CLICK: {
    ...plain,
    code: 1,
    description: 'Clicked a product in a list.',
    nextAction: 'Click a product in a list.',
    weight: 1,
  },
  SEARCH: {
    ...plain,
    code: 2,
    description: 'Searched. `queryText` is the query; a product is optional.',
    nextAction: 'Search for products.',
    weight: 0.5,
    needsProduct: false,
    needsText: true,
  },
  CART_ADD: {
    ...plain,
    code: 3,
    description: 'Added a product to the cart; `value` is the number of units.',
    nextAction: 'Add a product to the cart.',
    weight: 3,
    value: 'units',
  },
  CART_REMOVE: {
    ...plain,
    code: 4,
    description: 'Removed a product from the cart; `value` is the number of units.',
    nextAction: 'Remove a product from the cart.',
    weight: -1.5,
    value: 'units',
  },
  WISHLIST: {
    ...plain,
    code: 5,
    description: 'Added a product to the wishlist.',
    nextAction: 'Add a product to the wishlist.',
    weight: 3,
  },
  PURCHASE: {
    ...plain,
    code: 6,
    description: 'Bought a product; `value` is the number of units.',
    nextAction: 'Buy a product.',
    weight: 5,
    value: 'units',
  },
  RETURN: {
    ...plain,
    code: 7,
    description: 'Returned a product; `value` is the number of units.',
    nextAction: 'Return a product.',
    weight: -5,
    value: 'units',
  },
  RATING: {
    ...plain,
    code: 8,
    description: 'Rated a product; `value` is the number of stars.',
    nextAction: 'Rate a product.',
    weight: 4,
    value: 'stars',
  },
  SHARE: {
    ...plain,
    code: 9,
    description: 'Shared a product.',
    nextAction: 'Share a product.',
    weight: 3,
  },
  DISLIKE: {
    ...plain,
    code: 10,
    description: 'Marked a product as not of interest.',
    nextAction: 'Mark a product as not of interest.',
    weight: -6,
  },
  REVIEW: {
    ...plain,
    code: 11,
    description:
      'Reviewed a product. `queryText` is the text and `value` the number of stars; both are optional.',
    nextAction: 'Review a product.',
    weight: 4,
    value: 'optionalStars',
    maxTextLength: 10_000,
  },
} as const satisfies Readonly<Record<string, InteractionTypeSpec>>;

/** A name of {@link interactionTypeTable}. */
export type InteractionType = keyof typeof interactionTypeTable;

/** One value per type. */
export type ByInteractionType<Value> = Readonly<Record<InteractionType, Value>>;

const specs: ByInteractionType<InteractionTypeSpec> = interactionTypeTable;

/** The names of all types, in the order of their codes. */
export const interactionTypes: readonly InteractionType[] = (
  Object.keys(specs) as InteractionType[]
).toSorted((a, b) => specs[a].code - specs[b].code);

/** Returns one value per type, read from the table. */
export const byInteractionType = <Value>(
  read: (spec: InteractionTypeSpec) => Value,
): ByInteractionType<Value> =>
  Object.fromEntries(interactionTypes.map(type => [type, read(specs[type])])) as ByInteractionType<Value>;

/** The code of every type. */
export const interactionCodes: ByInteractionType<number> = byInteractionType(({ code }) => code);

const typesByCode: ReadonlyMap<number, InteractionType> = new Map(
  interactionTypes.map(type => [specs[type].code, type]),
);

/** Returns the type of a code; undefined for an unknown code. */
export const interactionTypeOf = (code: number): InteractionType | undefined => typesByCode.get(code);

/** Types whose value, if present, is a number of stars. */
export const starTypes: ReadonlySet<InteractionType> = new Set(
  interactionTypes.filter(type => specs[type].value === 'stars' || specs[type].value === 'optionalStars'),
);

/** The list that led to an event, and the rank in it (1 = first). */
export interface Attribution {
  readonly listId: ListId;
  readonly rank: number | null;
}

/** One event of a shopper, checked and clamped, as stored. */
export interface Interaction {
  readonly shopId: ShopId;
  /** Key of the event: the client's id in the space of its sender (domain/eventKey.ts). */
  readonly id: EventId;
  readonly userId: UserId;
  /** Null only for SEARCH. */
  readonly productId: ProductId | null;
  readonly type: InteractionType;
  /** Units or stars, by {@link InteractionTypeSpec.value} of the type; null for none. */
  readonly value: number | null;
  /** Price of one unit, in minor units of the shop's currency. */
  readonly priceMinor: number | null;
  /** Text of the event: the query of a search, or a review's text. */
  readonly queryText: string | null;
  readonly sessionId: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly occurredAt: number;
  /** Milliseconds since the epoch, UTC. */
  readonly receivedAt: number;
  readonly attribution: Attribution | null;
}
