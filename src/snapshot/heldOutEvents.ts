import type { Snapshot } from './snapshot';

/**
 * Marks the events of a snapshot that its training part lacks: 1 where an event is held out.
 *
 * @param train - fewer events of the same snapshot, with the same rows, each user's in the same sequence (split.ts)
 */
export function heldOutEvents({ events, userOffsets }: Snapshot, train: Snapshot): Uint8Array {
  const marks = new Uint8Array(events.length).fill(1);
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    let kept = train.userOffsets[user];
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      if (kept === train.userOffsets[user + 1]) break;
      const isKept =
        events.productRow[event] === train.events.productRow[kept] &&
        events.occurredAt[event] === train.events.occurredAt[kept] &&
        events.type[event] === train.events.type[kept];
      if (!isKept) continue;
      marks[event] = 0;
      kept++;
    }
  }
  return marks;
}
