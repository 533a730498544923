/** One event of a shopper, as a step reader takes it. */
export interface ActionEvent {
  /** Code of the type (domain `interactionCodes`). */
  readonly type: number;
  /** A number that identifies the product, ≥ 0; -1 for none (a search). */
  readonly product: number;
  /** Of the product, by the vocabulary; 0 when unknown. */
  readonly category: number;
  /** Of the product, by the vocabulary: log price, standardised; 0 when unknown. */
  readonly price: number;
  /** Milliseconds since the epoch; not earlier than the previous event. */
  readonly occurredAt: number;
  /** A number that identifies the session that the client named; -1 where it is unknown (a search in a snapshot). */
  readonly session: number;
}

/**
 * Features of an event and of everything before it: the input of every forecaster. Counts are capped at 65,535; flags are 0
 * or 1.
 */
export interface Step {
  /** Place of the event's type among the actions that the forecaster knows (actions.ts). */
  type: number;
  /** 0 when unknown. */
  category: number;
  /** Log price, standardised; 0 when unknown. */
  price: number;
  /** Seconds since the previous event; 0 for the first event of the shopper. */
  gapSeconds: number;
  /** Seconds since the first event of the session. */
  sessionSeconds: number;
  /** 0-23, UTC. */
  hour: number;
  /** 0 (Sunday) - 6, UTC. */
  weekday: number;
  /** Flag: the first event of its session. */
  startsSession: number;
  /** Events of the session before this one. */
  position: number;
  /** Place of the type of the session's first event. */
  firstType: number;
  /** Sessions of the shopper before this one. */
  sessions: number;
  /** Flag: the product occurred earlier in this session. */
  seenInSession: number;
  /** Flag: the product occurred in an earlier session. */
  seenBefore: number;
  /** Flag: the product is the first product of the session again. */
  isFirstProduct: number;
  /** Flag: the product is that of the previous event. */
  isSameProduct: number;
  /** Flag: the category (if known) is that of the previous event. */
  isSameCategory: number;
  /** Flag: the product was in the cart before this event. */
  wasInCart: number;
  /** Flag: the product was bought before this event. */
  wasBought: number;
  /** Products in the cart after this event. */
  cartSize: number;
  /** Products put in the cart in this session, this event included. */
  cartAdds: number;
  /** Purchases in this session, this event included. */
  purchases: number;
  /** Distinct products of this session, this event included. */
  products: number;
  /** Purchases of this category in earlier events. */
  boughtInCategory: number;
  /** 1 + place of the type of the previous event in the session; 0 for the first. */
  previousType: number;
  /** Views and clicks of the session, this event included. */
  views: number;
  clicks: number;
  /** Events, views, clicks, products put in the cart and purchases of all sessions, this event included. */
  everEvents: number;
  everViews: number;
  everClicks: number;
  everCartAdds: number;
  everPurchases: number;
  /** Price minus the mean price of earlier events; 0 when either is unknown. */
  priceDistance: number;
  /** Share of earlier events that have this category; 0 when it is unknown. */
  categoryShare: number;
}

/** The fields of a step, in a fixed order. */
export const stepFields = [
  'type',
  'category',
  'price',
  'gapSeconds',
  'sessionSeconds',
  'hour',
  'weekday',
  'startsSession',
  'position',
  'firstType',
  'sessions',
  'seenInSession',
  'seenBefore',
  'isFirstProduct',
  'isSameProduct',
  'isSameCategory',
  'wasInCart',
  'wasBought',
  'cartSize',
  'cartAdds',
  'purchases',
  'products',
  'boughtInCategory',
  'previousType',
  'views',
  'clicks',
  'everEvents',
  'everViews',
  'everClicks',
  'everCartAdds',
  'everPurchases',
  'priceDistance',
  'categoryShare',
] as const satisfies readonly (keyof Step)[];

/** Fields that are not whole numbers or may exceed 65,535. */
const wideFields: ReadonlySet<keyof Step> = new Set([
  'price',
  'gapSeconds',
  'sessionSeconds',
  'priceDistance',
  'categoryShare',
]);

/** Returns a step of zeros. */
export function emptyStep(): Step {
  return Object.fromEntries(stepFields.map(field => [field, 0])) as Record<keyof Step, number>;
}

/** Steps as columns, one array per field. */
export type StepColumns = { readonly [Field in keyof Step]: Float32Array | Uint16Array };

/** Returns columns of zeros. */
export function stepColumnsOf(length: number): StepColumns {
  const columns = stepFields.map(field => [
    field,
    wideFields.has(field) ? new Float32Array(length) : new Uint16Array(length),
  ]);
  return Object.fromEntries(columns) as Record<keyof Step, Float32Array | Uint16Array>;
}

/** Writes a step to the columns. */
export function writeStep(columns: StepColumns, index: number, step: Step): void {
  for (const field of stepFields) columns[field][index] = step[field];
}

/** Reads a step from its columns. */
export function readStepInto(columns: StepColumns, index: number, out: Step): void {
  for (const field of stepFields) out[field] = columns[field][index];
}
