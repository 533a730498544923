import type { ProductId } from '../../domain/ids';
import { type Interaction, interactionCodes } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { Step } from '../../insights/nextAction/step';
import { createStepReader } from '../../insights/nextAction/stepReader';
import type { ProductReader } from '../../insights/nextAction/vocabulary';
import { createSessionNumbers } from '../../snapshot/sessions';

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const beforeNumbers = (value: number | null): number => value ?? Number.NEGATIVE_INFINITY;
const isSearch = ({ productId }: Interaction): boolean => productId === null;

/**
 * The order of a shopper's events in a snapshot, so that serving takes the steps that training learned from: by time; of
 * one instant searches first, then by product, type, value and session.
 */
export function compareAsInSnapshot(a: Interaction, b: Interaction): number {
  return (
    a.occurredAt - b.occurredAt ||
    Number(isSearch(b)) - Number(isSearch(a)) ||
    byCodeUnits(a.productId ?? '', b.productId ?? '') ||
    interactionCodes[a.type] - interactionCodes[b.type] ||
    (a.value === b.value ? 0 : beforeNumbers(a.value) - beforeNumbers(b.value)) ||
    byCodeUnits(a.sessionId ?? '', b.sessionId ?? '') ||
    byCodeUnits(a.id, b.id)
  );
}

/** Gives distinct things numbers by first sight. */
function createNumbers<Thing>(): (thing: Thing) => number {
  const numbers = new Map<Thing, number>();
  return thing => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
}

/** Turns one shopper's events into steps. */
export type ShopperSteps = (event: Interaction, products: ReadonlyMap<ProductId, Product>) => Readonly<Step>;

/** Steps of a shopper who did nothing yet. What it answers is written anew at the next event. */
export function createShopperSteps(reader: ProductReader): ShopperSteps {
  const steps = createStepReader();
  const productNumber = createNumbers<ProductId>();
  let sessions = 0;
  const sessionNumber = createSessionNumbers<string>(() => sessions++);
  return (event, products) => {
    const { productId, occurredAt, sessionId } = event;
    const product = productId === null ? undefined : products.get(productId);
    return steps.take({
      type: interactionCodes[event.type],
      product: productId === null ? -1 : productNumber(productId),
      category: reader.categoryOf(product?.categoryPath ?? []),
      // As snapshots keep it: what is reckoned from it is then the same.
      price: Math.fround(reader.priceOf(product?.priceMinor ?? Number.NaN)),
      occurredAt,
      // Searches are in no session of a snapshot either.
      session: productId === null ? -1 : sessionNumber(occurredAt, sessionId),
    });
  };
}
