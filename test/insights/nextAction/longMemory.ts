import type { InteractionType } from '../../../src/domain/interaction';
import { createRng, type Rng } from '../../../src/numeric/rng';
import type { TestEvent } from '../../support/snapshots';
import { dayMs, minuteMs } from './actionSteps';

/** Settings of the synthetic shoppers. */
export interface LongMemory {
  readonly seed: number;
  readonly users: number;
  readonly sessionsEach: number;
}

function typesOfSession(rng: Rng): InteractionType[] {
  const isView = rng.uniform() < 0.5;
  const wishes = Array.from({ length: 3 + rng.int(3) }, (): InteractionType => 'WISHLIST');
  const isAsBegun = rng.uniform() < 0.9;
  const ending: InteractionType[] = isView === isAsBegun ? ['CART_ADD', 'PURCHASE'] : ['SHARE'];
  return [isView ? 'VIEW' : 'CLICK', ...wishes, ...ending];
}

/**
 * Shoppers whose sessions begin with a view or a click, followed by three to five events of type WISHLIST. In nine of ten
 * sessions that began with a view, the shopper then buys from the cart; in nine of ten that began with a click, the shopper
 * shares. The last two steps before the end do not show which.
 */
export function longMemoryEvents({ seed, users, sessionsEach }: LongMemory): TestEvent[] {
  const rng = createRng(seed);
  const events: TestEvent[] = [];
  for (let user = 0; user < users; user++) {
    for (let session = 0; session < sessionsEach; session++) {
      const at = (session + rng.uniform() / 2) * dayMs;
      for (const [index, type] of typesOfSession(rng).entries())
        events.push({
          user: `shopper-${user}-secret`,
          product: `p${rng.int(6)}`,
          type,
          at: at + index * minuteMs,
        });
    }
  }
  return events;
}
