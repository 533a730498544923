import { snapshotFromPairs } from '../snapshot/fromPairs';
import type { Snapshot } from '../snapshot/snapshot';
import { firstMilliseconds, firstSeconds } from './unixTime';

/** Events of a file as columns. Users and products are indices into tables of ids. */
export interface Rows {
  readonly user: Uint32Array;
  readonly product: Uint32Array;
  /** NaN where the file has no rating. */
  readonly rating: Float32Array;
  /** As in the file; NaN where it has no time. */
  readonly time: Float64Array;
}

/**
 * What gives the events of a user their order: the times of the file, whose ties are orders (snapshot/orders.ts), or the order
 * of its lines. `none`: events have no order.
 */
export type EventOrder = 'times' | 'file' | 'none';

/** The tables of ids that rows refer to. */
export interface Ids {
  readonly userIds: readonly string[];
  readonly productIds: readonly string[];
}

/** Artificial time between two orders of a user. Longer than a session's gap, since the file has no sessions. */
const stepMs = 3_600_000;

const isMilliseconds = (value: number): boolean => value >= firstMilliseconds;
const isSeconds = (value: number): boolean => value >= firstSeconds && value < firstMilliseconds;

/** Returns whether the times of different users can be compared. Numbers that only give the order of a user's events cannot. */
export const hasRealTimes = ({ time }: Rows): boolean => time.every(isMilliseconds) || time.every(isSeconds);

/** Row indices grouped by user, in order of time; equal times in order of the file. */
function orderOf({ user }: Rows, times: Float64Array): Uint32Array {
  return Uint32Array.from(user.keys()).sort((a, b) => user[a] - user[b] || times[a] - times[b] || a - b);
}

/** Returns what gives the rows of a user their order. */
export const orderOfRows = ({ time }: Rows): EventOrder => (time.every(Number.isNaN) ? 'file' : 'times');

/** Returns times that give the order: those of the file, or the line numbers where the file has none. */
function comparableTimes(rows: Rows): Float64Array {
  const { time } = rows;
  if (orderOfRows(rows) === 'file') return Float64Array.from(time.keys());
  return time.map(value => (Number.isNaN(value) ? 0 : value));
}

/**
 * Returns times in milliseconds. When all times of the file look like Unix time (seconds or milliseconds, since 1994),
 * they are kept. Otherwise times only give the order: equal times of a user stay equal, different ones are an hour apart, and
 * the last of every user is at the same instant. Without any time the lines of a user are in order of the file, which is then
 * part of the protocol.
 */
export function timesOf(rows: Rows): Float64Array {
  const { time, user } = rows;
  if (time.every(isMilliseconds)) return time;
  if (time.every(isSeconds)) return time.map(value => value * 1000);
  const given = comparableTimes(rows);
  const order = orderOf(rows, given);
  const isLater = (at: number): boolean =>
    at > 0 && user[order[at]] === user[order[at - 1]] && given[order[at]] > given[order[at - 1]];
  const counts = new Uint32Array(user.reduce((most, row) => Math.max(most, row), 0) + 1);
  for (const [at, row] of order.entries()) counts[user[row]] += Number(isLater(at));
  const longest = counts.reduce((most, count) => Math.max(most, count), 0);
  const times = new Float64Array(user.length);
  const place = counts.map(count => longest - count);
  for (const [at, row] of order.entries()) {
    if (isLater(at)) place[user[row]]++;
    times[row] = place[user[row]] * stepMs;
  }
  return times;
}

/** Returns the rows for which `keeps` is true. */
export function rowsWhere(rows: Rows, keeps: (row: number) => boolean): Rows {
  const kept = Uint32Array.from(rows.user.keys()).filter(keeps);
  return {
    user: Uint32Array.from(kept, row => rows.user[row]),
    product: Uint32Array.from(kept, row => rows.product[row]),
    rating: Float32Array.from(kept, row => rows.rating[row]),
    time: Float64Array.from(kept, row => rows.time[row]),
  };
}

/** Returns a snapshot in which every row is one view, regardless of its rating: the 0/1 matrix of the literature. */
export function snapshotOfRows(ids: Ids, rows: Rows): Promise<Snapshot> {
  return snapshotFromPairs({ ...ids, user: rows.user, product: rows.product, occurredAt: timesOf(rows) });
}
