import { createRng } from '../../src/numeric/rng';
import type { TestEvent } from './snapshots';

const hour = 3_600_000;

/**
 * Events of a small shop whose shoppers buy some products again and again: orders of one to three lines, with views between them,
 * and now and then a return. Instants of orders differ.
 */
export function randomShop({ users, orders, products, seed }: Readonly<Record<string, number>>): TestEvent[] {
  const rng = createRng(seed);
  const productOf = (user: number): string =>
    `p${rng.int(3) === 0 ? user % products : Math.floor(rng.int(products) ** 2 / products)}`;
  return Array.from({ length: orders }, (_, order): TestEvent[] => {
    const number = rng.int(users);
    const user = `u${number}`;
    const at = order * hour;
    const lines = new Set(Array.from({ length: 1 + rng.int(3) }, () => productOf(number)));
    const seen: TestEvent = { user, product: productOf(number), at: at - hour / 2, type: 'VIEW' };
    const bought = [...lines].map((product): TestEvent => ({ user, product, at, type: 'PURCHASE' }));
    return order % 17 === 0
      ? [seen, ...bought, { ...bought[0], at: at + 1, type: 'RETURN' }]
      : [seen, ...bought];
  }).flat();
}
