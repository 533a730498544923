import { type Interaction, interactionCodes } from '../domain/interaction';

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const beforeNumbers = (value: number | null): number => value ?? Number.NEGATIVE_INFINITY;
const isSearch = ({ productId }: Interaction): boolean => productId === null;

/**
 * Compares two events of a shopper in the order of snapshots, so that serving and training see the same steps. By time; at
 * the same instant searches first, then by product, type, value, session and id.
 */
export function compareEvents(a: Interaction, b: Interaction): number {
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
