import { eventWeightOf } from '../../snapshot/eventWeight';
import { type Snapshot, textKinds } from '../../snapshot/snapshot';
import { type InterestEvent, writtenTextWeight } from './reading';

/** Returns rows of `texts` by user row. */
function textRowsByUser({ texts, users }: Snapshot): readonly (readonly number[])[] {
  const rows: number[][] = Array.from({ length: users.size }, () => []);
  for (let row = 0; row < (texts?.length ?? 0); row++) rows[texts?.userRow[row] ?? 0].push(row);
  return rows;
}

/**
 * Returns a function from a user row of a snapshot to the user's events, by the snapshot's event weights: the same
 * events that serving computes interests from.
 *
 * @param maxEvents - latest events per shopper that count
 */
export function interestEventsIn(
  snapshot: Snapshot,
  maxEvents: number,
): (userRow: number) => readonly InterestEvent[] {
  const { events, userOffsets, products, texts, eventWeights } = snapshot;
  const textRows = textRowsByUser(snapshot);
  return userRow => {
    const found: InterestEvent[] = [];
    for (let row = userOffsets[userRow]; row < userOffsets[userRow + 1]; row++) {
      found.push({
        id: `event:${row}`,
        occurredAt: events.occurredAt[row],
        weight: eventWeightOf(events.type[row], events.value[row], eventWeights),
        productId: products.idOf(events.productRow[row]),
      });
    }
    for (const row of textRows[userRow]) {
      if (texts === undefined) break;
      found.push({
        id: `text:${row}`,
        occurredAt: texts.occurredAt[row],
        weight: textKinds[texts.kind[row]] === 'SEARCH' ? eventWeights.SEARCH : writtenTextWeight,
        text: texts.texts[row],
      });
    }
    return found.sort((left, right) => left.occurredAt - right.occurredAt).slice(-maxEvents);
  };
}
