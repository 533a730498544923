import { type Interaction, interactionCodes } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import { createSessionNumbers } from '../../snapshot/sessions';
import type { Step } from './step';
import { createStepReader } from './stepReader';
import { type ActionVocabulary, productReaderOf } from './vocabulary';

/** Returns a function that numbers distinct keys in the order of their first call. */
function createNumbers<Key>(): (key: Key) => number {
  const numbers = new Map<Key, number>();
  return key => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
}

/**
 * Turns one shopper's events into steps, in order. Returns null for an event of a type that the vocabulary does not have: it
 * is passed over.
 *
 * @param product - the event's, if it is known
 */
export type ShopperSteps = (event: Interaction, product: Product | undefined) => Readonly<Step> | null;

/** Creates the steps of a shopper without events. The returned step is overwritten at the next event. */
export function createShopperSteps(vocabulary: ActionVocabulary): ShopperSteps {
  const reader = productReaderOf(vocabulary);
  const steps = createStepReader(vocabulary.actions);
  const productNumber = createNumbers<string>();
  let sessions = 0;
  const sessionNumber = createSessionNumbers<string>(() => sessions++);
  return ({ productId, occurredAt, sessionId, type }, product) =>
    steps.take({
      type: interactionCodes[type],
      product: productId === null ? -1 : productNumber(productId),
      category: reader.categoryOf(product?.categoryPath ?? []),
      // Snapshots keep prices as float32: rounding gives the same step.
      price: Math.fround(reader.priceOf(product?.priceMinor ?? Number.NaN)),
      occurredAt,
      // A search without a product is in no session of a snapshot either.
      session: productId === null ? -1 : sessionNumber(occurredAt, sessionId),
    });
}
