import { type Interaction, interactionCodes } from '../domain/interaction';
import { byCodeUnits } from '../numeric/byCodeUnits';
import { hashText } from '../numeric/hashText';
import { placesInOrder } from './orders';

const beforeNumbers = (value: number | null): number => value ?? Number.NEGATIVE_INFINITY;
const isSearch = ({ productId }: Interaction): boolean => productId === null;

/** Compares the products of two events of one instant by their drawn places (orders.ts), as snapshots do. */
function byProduct(a: Interaction, b: Interaction): number {
  const [first, second] = [a.productId ?? '', b.productId ?? ''];
  if (first === second) return 0;
  const placeOf = placesInOrder(hashText(a.userId), a.occurredAt);
  return placeOf(hashText(first)) - placeOf(hashText(second)) || byCodeUnits(first, second);
}

/**
 * Compares two events of a shopper in the order of snapshots, so that serving and training see the same steps. By time; at
 * the same instant searches first, then by the product's drawn place, type, value, session and id.
 */
export function compareEvents(a: Interaction, b: Interaction): number {
  return (
    a.occurredAt - b.occurredAt ||
    Number(isSearch(b)) - Number(isSearch(a)) ||
    byProduct(a, b) ||
    interactionCodes[a.type] - interactionCodes[b.type] ||
    (a.value === b.value ? 0 : beforeNumbers(a.value) - beforeNumbers(b.value)) ||
    byCodeUnits(a.sessionId ?? '', b.sessionId ?? '') ||
    byCodeUnits(a.id, b.id)
  );
}
