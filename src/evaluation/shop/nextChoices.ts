import { interactionCodes } from '../../domain/interaction';
import { eventWeightOf } from '../../snapshot/eventWeight';
import { heldOutEvents } from '../../snapshot/heldOutEvents';
import type { Snapshot } from '../../snapshot/snapshot';

/** What a shopper is asked for: the products they bought, or all that they liked. */
export type Asks = 'purchases' | 'liked';

/** What one shopper did before and after the cut. */
export interface NextChoices {
  /** User row, with at least one event before the cut. */
  readonly user: number;
  /** Products with any event before the cut. */
  readonly met: ReadonlySet<number>;
  /** Products bought before the cut. */
  readonly bought: ReadonlySet<number>;
  /** Products bought after the cut. */
  readonly buys: ReadonlySet<number>;
  /** Products with an event of positive weight after the cut. */
  readonly likes: ReadonlySet<number>;
}

/** Reads what one shopper did. @param marks - 1 where an event is after the cut */
function choicesOf(
  { events, userOffsets, eventWeights }: Snapshot,
  marks: Uint8Array,
  user: number,
): NextChoices {
  const sets = () => new Set<number>();
  const [met, bought, buys, likes] = [sets(), sets(), sets(), sets()];
  for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
    const [product, type] = [events.productRow[event], events.type[event]];
    const isBefore = marks[event] === 0;
    if (isBefore) met.add(product);
    else if (eventWeightOf(type, events.value[event], eventWeights) > 0) likes.add(product);
    if (type === interactionCodes.PURCHASE) (isBefore ? bought : buys).add(product);
  }
  return { user, met, bought, buys, likes };
}

/**
 * Returns what every shopper chose who has an event in the training part and a liked or bought product among the held-out
 * events; in ascending order of user rows.
 *
 * @param train - a part of the snapshot's events (snapshot/split.ts)
 */
export function nextChoicesOf(snapshot: Snapshot, train: Snapshot): readonly NextChoices[] {
  const marks = heldOutEvents(snapshot, train);
  const users = Array.from({ length: snapshot.users.size }, (_, user) => user);
  return users
    .filter(user => train.userOffsets[user + 1] > train.userOffsets[user])
    .map(user => choicesOf(snapshot, marks, user))
    .filter(({ buys, likes }) => buys.size > 0 || likes.size > 0);
}

/** Returns what to ask for: purchases, unless fewer than half of the shoppers with a liked product bought anything. */
export function asksOf(choices: readonly NextChoices[]): Asks {
  const buyers = choices.filter(({ buys }) => buys.size > 0).length;
  return buyers > 0 && buyers >= choices.length / 2 ? 'purchases' : 'liked';
}
