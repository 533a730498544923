import { type Interaction, interactionCodes } from '../../domain/interaction';
import type { EventWeights } from '../../domain/shopPolicy';
import type { WrittenText } from '../../domain/social';
import type { InterestEvent } from '../../insights/interestTags/interests';
import { eventWeightOf } from '../../snapshot/eventWeight';
import { type Snapshot, textKinds } from '../../snapshot/snapshot';

/** Weight of a text that a shopper wrote, whatever the weights of events: that of a view by default. */
const writtenWeight = 1;

/** Where an event of {@link interestEventsOf} came from. */
export type InterestSource =
  | { readonly kind: 'EVENT'; readonly event: Interaction }
  | { readonly kind: 'TEXT'; readonly text: WrittenText };

/** A shopper's events as interests read them, and the source of each. */
export interface InterestEvents {
  readonly events: readonly InterestEvent[];
  readonly sources: ReadonlyMap<string, InterestSource>;
}

const fromInteraction = (event: Interaction, id: string, weights: EventWeights): InterestEvent => ({
  id,
  occurredAt: event.occurredAt,
  weight: eventWeightOf(interactionCodes[event.type], event.value ?? Number.NaN, weights),
  ...(event.productId !== null && { productId: event.productId }),
  ...(event.queryText !== null && { text: event.queryText }),
});

/** Returns what a shopper did and wrote as weighted events. @param weights - the shop's */
export function interestEventsOf(
  interactions: readonly Interaction[],
  texts: readonly WrittenText[],
  weights: EventWeights,
): InterestEvents {
  const sources = new Map<string, InterestSource>();
  const events: InterestEvent[] = [];
  for (const event of interactions) {
    const id = `event:${event.id}`;
    sources.set(id, { kind: 'EVENT', event });
    events.push(fromInteraction(event, id, weights));
  }
  for (const text of texts) {
    const id = `${text.kind}:${text.id}`;
    sources.set(id, { kind: 'TEXT', text });
    events.push({ id, occurredAt: text.occurredAt, weight: writtenWeight, text: text.body });
  }
  return { events, sources };
}

/** Returns rows of `texts` by user row. */
function textRowsByUser({ texts, users }: Snapshot): readonly (readonly number[])[] {
  const rows: number[][] = Array.from({ length: users.size }, () => []);
  for (let row = 0; row < (texts?.length ?? 0); row++) rows[texts?.userRow[row] ?? 0].push(row);
  return rows;
}

/**
 * Returns a function that gives the same for a user row of a snapshot, by the snapshot's event weights.
 *
 * @param mostEvents - latest events per shopper that count, as in serving
 */
export function interestEventsIn(
  snapshot: Snapshot,
  mostEvents: number,
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
        weight: textKinds[texts.kind[row]] === 'SEARCH' ? eventWeights.SEARCH : writtenWeight,
        text: texts.texts[row],
      });
    }
    return found.sort((left, right) => left.occurredAt - right.occurredAt).slice(-mostEvents);
  };
}
