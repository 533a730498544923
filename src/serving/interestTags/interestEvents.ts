import { type Interaction, interactionCodes } from '../../domain/interaction';
import type { EventWeights } from '../../domain/shopPolicy';
import type { WrittenText } from '../../domain/social';
import { type InterestEvent, writtenTextWeight } from '../../insights/interestTags/reading';
import { eventWeightOf } from '../../snapshot/eventWeight';

/** Source of an event of {@link interestEventsOf}. */
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
  // As in training, which reads the texts of searches only: the same events give the same interests.
  ...(event.type === 'SEARCH' && event.queryText !== null && { text: event.queryText }),
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
    events.push({ id, occurredAt: text.occurredAt, weight: writtenTextWeight, text: text.body });
  }
  return { events, sources };
}
