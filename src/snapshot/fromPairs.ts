import { type InteractionType, interactionCodes } from '../domain/interaction';
import { assemble } from './assemble';
import { noSession, rawColumnsOf } from './rawColumns';
import type { Snapshot } from './snapshot';

/** Bare (user, product) pairs, as evaluation files hold them. */
export interface Pairs {
  /** Distinct ids; every one gets a row, also without a pair. */
  readonly userIds: readonly string[];
  /** Distinct ids; every one gets a row, also without a pair. */
  readonly productIds: readonly string[];
  /** Index into userIds, one a pair. */
  readonly user: Uint32Array;
  /** Index into productIds, one a pair. */
  readonly product: Uint32Array;
  /** Milliseconds since the epoch, one a pair. Leave out when the order of the pairs says nothing. */
  readonly occurredAt?: Float64Array;
  /** One a pair: pairs are then ratings instead of views. */
  readonly stars?: Float32Array;
  /** What every pair is, where there are no stars; VIEW when left out. */
  readonly type?: InteractionType;
}

const ratingCode = interactionCodes.RATING;

/**
 * A snapshot in which every pair is one VIEW (whose default weight is 1, so that preferences are the plain 0/1 matrix
 * of the literature), or one RATING where stars are given. Without times every event is at instant 0. Rows are in
 * order of the ids. `asOf` is the latest.
 */
export function snapshotFromPairs(pairs: Pairs): Promise<Snapshot> {
  const length = pairs.user.length;
  const columns = rawColumnsOf(length);
  columns.user.set(pairs.user);
  columns.product.set(pairs.product);
  columns.type.fill(pairs.stars ? ratingCode : interactionCodes[pairs.type ?? 'VIEW']);
  if (pairs.stars) columns.value.set(pairs.stars);
  else columns.value.fill(Number.NaN);
  columns.session.fill(noSession);
  if (pairs.occurredAt) columns.occurredAt.set(pairs.occurredAt);
  const asOf = columns.occurredAt.reduce((latest, at) => Math.max(latest, at), 0);
  const { userIds, productIds } = pairs;
  return assemble({ asOf, length, columns, userIds, productIds, sessionIds: [] });
}
