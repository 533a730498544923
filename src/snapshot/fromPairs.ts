import { type InteractionType, interactionCodes } from '../domain/interaction';
import { assemble } from './assemble';
import { noSession, rawColumnsOf } from './rawColumns';
import type { Snapshot } from './snapshot';

/** (user, product) pairs, as in evaluation files. */
export interface Pairs {
  /** Distinct ids; each has a row, also without a pair. */
  readonly userIds: readonly string[];
  /** Distinct ids; each has a row, also without a pair. */
  readonly productIds: readonly string[];
  /** Index into userIds, one per pair. */
  readonly user: Uint32Array;
  /** Index into productIds, one per pair. */
  readonly product: Uint32Array;
  /** Milliseconds since the epoch, one per pair. Absent when the data have no order. */
  readonly occurredAt?: Float64Array;
  /** One per pair: pairs are then ratings instead of views. */
  readonly stars?: Float32Array;
  /** Type of every event where there are no stars; VIEW when absent. */
  readonly type?: InteractionType;
}

const ratingCode = interactionCodes.RATING;

/**
 * Returns a snapshot with one event per pair: a VIEW, or a RATING where stars are given. The default weight of VIEW is 1, so
 * preferences are the 0/1 matrix of the literature. Without times every event is at instant 0. Rows are in order of the
 * ids. `asOf` is the latest instant.
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
