import { createRng } from '../../src/numeric/rng';
import type { TestEvent } from './snapshots';

const day = 86_400_000;

/** Sixty shoppers over sixty days: each day some of them choose, mostly among the products in demand then. */
export function demandEvents(inDemand: (day: number) => number): TestEvent[] {
  const rng = createRng(4);
  const events: TestEvent[] = [];
  for (let at = 0; at < 60; at++) {
    for (let user = 0; user < 60; user++) {
      if (rng.uniform() < 0.4)
        events.push({ user: `u${user}`, product: `p${inDemand(at) + rng.int(15)}`, at: at * day + user });
    }
  }
  return events;
}
