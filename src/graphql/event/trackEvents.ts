import { GatewayError } from '../../domain/errors';
import { toUserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Principal } from '../../domain/role';
import { checkEvent } from '../../intake/event';
import { actingUserId, mayActFor } from '../access/ownership';
import { checkBatch, countStatus, outcomesOf } from '../batch/checkRows';
import { parseGlobalId } from '../node/globalId';
import type { GraphqlContext } from '../request/context';
import { notifyObservers } from '../request/notifyObservers';
import type { EventStatus } from './event.enums';
import type { EventInput, EventsTrackInput } from './event.input';
import type { EventResult, EventsTrackPayload } from './event.type';

/** @throws {GatewayError} FORBIDDEN when a shopper's batch holds an event of somebody else */
function checkOwners(events: readonly EventInput[], principal: Principal): void {
  const isForeign = ({ userId }: EventInput) =>
    userId !== null && userId !== undefined && !mayActFor(principal, toUserId(userId));
  if (!events.some(isForeign)) return;
  throw new GatewayError(
    'FORBIDDEN',
    'Expected events of the shopper whose token it is; the batch names another. Nothing was kept.',
  );
}

function listIdOf(id: string): string {
  const globalId = parseGlobalId(id);
  return globalId?.kind === 'RecommendationList' ? globalId.id : id;
}

/** The event in intake's words, field by field: a batch has a thousand of them, and a spread costs more than the check. */
function toRaw(event: EventInput, batchUserId: string | null): unknown {
  const { attribution } = event;
  return {
    id: event.eventId,
    userId: event.userId ?? batchUserId,
    productId: event.productId,
    type: event.type,
    value: event.value,
    priceMinor: event.priceMinor,
    queryText: event.queryText,
    sessionId: event.sessionId,
    occurredAt: event.occurredAt,
    attribution: attribution ? { listId: listIdOf(attribution.listId), rank: attribution.rank } : null,
  };
}

const wordsOfStore = { accepted: 'ACCEPTED', duplicate: 'DUPLICATE' } as const;

async function keepEvents(
  interactions: readonly Interaction[],
  context: GraphqlContext,
): Promise<readonly ('accepted' | 'duplicate')[]> {
  if (interactions.length === 0) return [];
  const { services, principal } = context;
  const kept = await services.stores.interactions.insertMany(interactions);
  await notifyObservers(context, observer =>
    observer.eventsCommitted?.({ shopId: principal.shopId, interactions }),
  );
  return kept;
}

/**
 * Keeps a batch of events. What it counts as accepted is committed when it resolves.
 *
 * @throws {GatewayError} FORBIDDEN, UNAVAILABLE (then nothing was kept)
 */
export async function trackEvents(
  { events, errorPolicy, userId }: EventsTrackInput,
  context: GraphqlContext,
): Promise<EventsTrackPayload> {
  const { services, principal, now } = context;
  const { shopId } = principal;
  const batchUserId = actingUserId(principal, userId);
  checkOwners(events, principal);
  const raw = events.map(event => toRaw(event, batchUserId));
  const checked = checkBatch({
    field: 'events',
    raw,
    errorPolicy,
    check: checkEvent,
    context: { shopId, now },
  });
  const kept = await keepEvents(checked.rows, context);
  const statuses = kept.map(word => wordsOfStore[word]);
  const outcomes = outcomesOf<EventStatus>(events.length, checked, statuses, { id: 'eventId' });
  const results: EventResult[] = outcomes.map(row => ({ ...row, eventId: events[row.index].eventId }));
  const accepted = countStatus(outcomes, 'ACCEPTED');
  const duplicates = countStatus(outcomes, 'DUPLICATE');
  const rejected = events.length - accepted - duplicates;
  services.reports.tracked({ accepted, duplicates, rejected });
  return { accepted, duplicates, rejected, results, userErrors: checked.userErrors, userId: batchUserId };
}
