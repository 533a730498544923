import { interactionCodes } from '../../domain/interaction';
import { anySession, isOtherSession, sessionGapMs } from '../../snapshot/sessions';
import { placesOf } from './actions';
import { type ActionEvent, emptyStep, type Step } from './step';

const view = interactionCodes.VIEW;
const click = interactionCodes.CLICK;
const cartAdd = interactionCodes.CART_ADD;
const cartRemove = interactionCodes.CART_REMOVE;
const purchase = interactionCodes.PURCHASE;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const maxCount = 0xffff;
/** 1 January 1970 was a Thursday. */
const firstWeekday = 4;

/** Turns one shopper's events into steps, one by one: the same in training and in serving. */
export interface StepReader {
  /**
   * Takes the next event. The step that it returns is overwritten at the next event: copy what is to be kept. Returns null
   * for an event of a type that the list of actions does not have; the reader is then as if it had not come.
   */
  take(event: ActionEvent): Readonly<Step> | null;
  /** Products in the cart, by their numbers. */
  readonly cart: ReadonlySet<number>;
}

/** What a reader keeps of a shopper. Maps have at most one entry per event taken. */
interface ShopperMemory {
  lastAt: number;
  startedAt: number;
  session: number;
  sessions: number;
  lastProduct: number;
  lastCategory: number;
  firstProduct: number;
  /** Product → number of the shopper's session in which it last occurred. */
  readonly seenIn: Map<number, number>;
  readonly cart: Set<number>;
  readonly bought: Set<number>;
  /** Category → purchases. */
  readonly boughtIn: Map<number, number>;
  /** Category → events. */
  readonly eventsIn: Map<number, number>;
  /** Of earlier events with a known price. */
  prices: number;
  priceSum: number;
}

const capped = (count: number): number => Math.min(count, maxCount);

/** Returns whether an event begins a session: after a silence, or when the client names another session. */
function isBoundary(memory: ShopperMemory, event: ActionEvent): boolean {
  if (!(event.occurredAt - memory.lastAt <= sessionGapMs)) return true;
  return isOtherSession(memory.session, event.session);
}

function beginSession(memory: ShopperMemory, step: Step, event: ActionEvent): void {
  memory.sessions++;
  memory.startedAt = event.occurredAt;
  memory.session = anySession;
  memory.firstProduct = -1;
  memory.lastProduct = -1;
  memory.lastCategory = 0;
  step.position = -1;
  step.firstType = step.type;
  step.cartAdds = 0;
  step.purchases = 0;
  step.products = 0;
  step.views = 0;
  step.clicks = 0;
}

/** Counts the event by its type, in the session and in all sessions. */
function countType(step: Step, { type }: ActionEvent): void {
  const [isView, isClick] = [Number(type === view), Number(type === click)];
  step.views = capped(step.views + isView);
  step.clicks = capped(step.clicks + isClick);
  step.everViews = capped(step.everViews + isView);
  step.everClicks = capped(step.everClicks + isClick);
  step.everCartAdds = capped(step.everCartAdds + Number(type === cartAdd));
  step.everPurchases = capped(step.everPurchases + Number(type === purchase));
}

/** Compares the event's price and category with earlier events, then counts it among them. */
function compareWithPast(memory: ShopperMemory, step: Step, { category, price }: ActionEvent): void {
  const alike = memory.eventsIn.get(category) ?? 0;
  step.categoryShare = category > 0 && step.everEvents > 0 ? alike / step.everEvents : 0;
  step.priceDistance = price !== 0 && memory.prices > 0 ? price - memory.priceSum / memory.prices : 0;
  step.everEvents = capped(step.everEvents + 1);
  memory.eventsIn.set(category, alike + 1);
  if (price === 0) return;
  memory.prices++;
  memory.priceSum += price;
}

function writeTime(memory: ShopperMemory, step: Step, { occurredAt }: ActionEvent): void {
  step.gapSeconds = Number.isFinite(memory.lastAt) ? (occurredAt - memory.lastAt) / 1000 : 0;
  step.sessionSeconds = (occurredAt - memory.startedAt) / 1000;
  step.hour = Math.floor(occurredAt / hourMs) % 24;
  step.weekday = (Math.floor(occurredAt / dayMs) + firstWeekday) % 7;
  step.position = capped(step.position + 1);
  step.sessions = capped(memory.sessions - 1);
}

/** Writes what the past says about the event's product. */
function writeProduct(memory: ShopperMemory, step: Step, { product, category, price }: ActionEvent): void {
  const seenIn = memory.seenIn.get(product);
  const isMet = product >= 0 && seenIn !== undefined;
  step.category = category;
  step.price = price;
  step.seenInSession = Number(isMet && seenIn === memory.sessions);
  step.seenBefore = Number(isMet && seenIn !== memory.sessions);
  step.isFirstProduct = Number(product >= 0 && product === memory.firstProduct);
  step.isSameProduct = Number(product >= 0 && product === memory.lastProduct);
  step.isSameCategory = Number(category > 0 && category === memory.lastCategory);
  step.wasInCart = Number(memory.cart.has(product));
  step.wasBought = Number(memory.bought.has(product));
  step.boughtInCategory = capped(memory.boughtIn.get(category) ?? 0);
  if (product >= 0 && seenIn !== memory.sessions) step.products = capped(step.products + 1);
}

function updateMemory(memory: ShopperMemory, step: Step, event: ActionEvent): void {
  const { type, product, category } = event;
  memory.lastAt = event.occurredAt;
  memory.session = event.session === anySession ? memory.session : event.session;
  if (product >= 0) {
    memory.seenIn.set(product, memory.sessions);
    if (memory.firstProduct < 0) memory.firstProduct = product;
    memory.lastProduct = product;
    memory.lastCategory = category;
  }
  if (type === cartAdd) {
    memory.cart.add(product);
    step.cartAdds = capped(step.cartAdds + 1);
  } else if (type === cartRemove) memory.cart.delete(product);
  else if (type === purchase) {
    memory.cart.delete(product);
    memory.bought.add(product);
    memory.boughtIn.set(category, (memory.boughtIn.get(category) ?? 0) + 1);
    step.purchases = capped(step.purchases + 1);
  }
  step.cartSize = capped(memory.cart.size);
}

/**
 * Creates a reader of a shopper without events. The cost of an event does not depend on the length of the history.
 *
 * @param actions - the list that the types of steps are places in (actions.ts)
 */
export function createStepReader(actions: readonly string[]): StepReader {
  const placeOf = placesOf(actions);
  const step = emptyStep();
  const memory: ShopperMemory = {
    lastAt: Number.NEGATIVE_INFINITY,
    startedAt: 0,
    session: anySession,
    sessions: 0,
    lastProduct: -1,
    lastCategory: 0,
    firstProduct: -1,
    seenIn: new Map(),
    cart: new Set(),
    bought: new Set(),
    boughtIn: new Map(),
    eventsIn: new Map(),
    prices: 0,
    priceSum: 0,
  };
  return {
    cart: memory.cart,
    take(event) {
      const place = placeOf(event.type);
      if (place < 0) return null;
      step.startsSession = Number(isBoundary(memory, event));
      step.previousType = step.startsSession === 1 ? 0 : step.type + 1;
      step.type = place;
      if (step.startsSession === 1) beginSession(memory, step, event);
      writeTime(memory, step, event);
      writeProduct(memory, step, event);
      countType(step, event);
      compareWithPast(memory, step, event);
      updateMemory(memory, step, event);
      return step;
    },
  };
}
