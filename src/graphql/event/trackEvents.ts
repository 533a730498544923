import { GatewayError } from '../../domain/errors';
import { toUserId } from '../../domain/ids';
import type { Principal } from '../../domain/role';
import { checkEvent } from '../../intake/event';
import { actingUserId, mayActFor } from '../access/ownership';
import { checkBatch, countStatus, outcomesOf } from '../batch/checkRows';
import { parseGlobalId } from '../node/globalId';
import type { GraphqlContext } from '../request/context';
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

/**
 * Keeps a batch of events. What it counts as accepted is committed when it resolves.
 *
 * @throws {GatewayError} FORBIDDEN, UNAVAILABLE (then nothing was kept)
 */
export async function trackEvents(
  { events, errorPolicy, userId }: EventsTrackInput,
  { services, principal, now }: GraphqlContext,
): Promise<EventsTrackPayload> {
  const batchUserId = actingUserId(principal, userId);
  checkOwners(events, principal);
  const context = { shopId: principal.shopId, now };
  const raw = events.map(event => toRaw(event, batchUserId));
  const checked = checkBatch({ field: 'events', raw, errorPolicy, check: checkEvent, context });
  const kept = checked.rows.length > 0 ? await services.stores.interactions.insertMany(checked.rows) : [];
  services.interests.touch(principal.shopId, [...new Set(checked.rows.map(({ userId: who }) => who))]);
  const statuses = kept.map(word => wordsOfStore[word]);
  const outcomes = outcomesOf<EventStatus>(events.length, checked, statuses, { id: 'eventId' });
  const results: EventResult[] = outcomes.map(row => ({ ...row, eventId: events[row.index].eventId }));
  const accepted = countStatus(outcomes, 'ACCEPTED');
  const duplicates = countStatus(outcomes, 'DUPLICATE');
  const rejected = events.length - accepted - duplicates;
  services.reports.tracked({ accepted, duplicates, rejected });
  return { accepted, duplicates, rejected, results, userErrors: checked.userErrors, userId: batchUserId };
}
