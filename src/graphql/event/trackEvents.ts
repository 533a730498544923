import { GatewayError } from '../../domain/errors';
import { eventKeyIn } from '../../domain/eventKey';
import { toUserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Principal } from '../../domain/role';
import { checkEvent } from '../../intake/event';
import { actingUserId, mayActFor } from '../access/ownership';
import type { RejectedRows } from '../batch/batchRow';
import { checkBatch, countStatus, outcomesOf, refuseRows } from '../batch/checkRows';
import { parseGlobalId } from '../node/globalId';
import type { GraphqlContext } from '../request/context';
import { notifyObservers } from '../request/notifyObservers';
import { admitEvents } from './admitEvents';
import { clockCorrection, correctedTime } from './clientClock';
import type { EventStatus } from './event.enums';
import type { EventInput, EventsTrackInput } from './event.input';
import type { EventResult, EventsTrackPayload } from './event.type';
import { senderSpaceOf } from './senderSpace';

/** @throws {GatewayError} FORBIDDEN when the batch of a shopper has an event of another user */
function checkOwners(events: readonly EventInput[], principal: Principal): void {
  const isForeign = ({ userId }: EventInput) =>
    userId !== null && userId !== undefined && !mayActFor(principal, toUserId(userId));
  if (!events.some(isForeign)) return;
  throw new GatewayError(
    'FORBIDDEN',
    'Expected only events of the shopper of the token; the batch has events of another. Nothing was stored: remove them.',
  );
}

function listIdOf(id: string): string {
  const globalId = parseGlobalId(id);
  return globalId?.kind === 'RecommendationList' ? globalId.id : id;
}

/**
 * Converts an event to the form that intake validates. Field by field: for 1,000 events, a spread of each costs more than
 * the validation.
 */
function toRaw(event: EventInput, batchUserId: string | null, correction: number): unknown {
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
    occurredAt: correctedTime(event.occurredAt, correction),
    attribution: attribution ? { listId: listIdOf(attribution.listId), rank: attribution.rank } : null,
  };
}

const statusByStoreResult = { accepted: 'ACCEPTED', duplicate: 'DUPLICATE' } as const;

/** Moves the events of a SHOPPER's token to the space of that shopper; other credentials share the space of the shop. */
function inSpaceOf(principal: Principal, rows: readonly Interaction[]): readonly Interaction[] {
  if (principal.role !== 'SHOPPER' || principal.userId === null) return rows;
  const space = senderSpaceOf(principal.userId);
  return rows.map(row => ({ ...row, id: eventKeyIn(row.id, space) }));
}

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
 * Stores a batch of events. Accepted events are committed when the promise resolves.
 *
 * @param rejected - events that the input type cannot represent; of each only `eventId` is there
 * @throws {GatewayError} FORBIDDEN, UNAVAILABLE; in both cases nothing was stored
 */
export async function trackEvents(
  { events, errorPolicy, userId, sentAt }: EventsTrackInput,
  rejected: RejectedRows,
  context: GraphqlContext,
): Promise<EventsTrackPayload> {
  const { services, principal, now } = context;
  const { shopId } = principal;
  const batchUserId = actingUserId(principal, userId);
  checkOwners(events, principal);
  const correction = clockCorrection(sentAt, now);
  const raw = events.map(event => toRaw(event, batchUserId, correction));
  const batch = { field: 'events', raw, rejected, errorPolicy, check: checkEvent, context: { shopId, now } };
  const valid = checkBatch(batch);
  const { refusals, retryAfterSeconds } = await admitEvents(valid.rows, context);
  const checked = refuseRows(valid, refusals, batch);
  const kept = await keepEvents(inSpaceOf(principal, checked.rows), context);
  const statuses = kept.map(result => statusByStoreResult[result]);
  const outcomes = outcomesOf<EventStatus>(events.length, checked, statuses, { id: 'eventId' });
  const results: EventResult[] = outcomes.map(row => ({ ...row, eventId: events[row.index].eventId }));
  const accepted = countStatus(outcomes, 'ACCEPTED');
  const duplicates = countStatus(outcomes, 'DUPLICATE');
  const counts = { accepted, duplicates, rejected: events.length - accepted - duplicates };
  services.reports.tracked(counts);
  const { userErrors } = checked;
  return { ...counts, results, retryAfterSeconds, userErrors, userId: batchUserId };
}
