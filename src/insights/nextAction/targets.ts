import type { InteractionType } from '../../domain/interaction';
import { sessionGapMs } from '../../snapshot/sessions';
import { typeCountOf } from './actions';
import type { ActionSteps } from './steps';

/** Days within which a shopper may come back after the end of a session. */
export const returnDays = [1, 7, 30] as const;
/** Masks a target that is unknown or outside the window: it is neither trained on nor measured. */
export const unknownTarget = -1;

const dayMs = 86_400_000;
const purchase: InteractionType = 'PURCHASE';

/**
 * What followed each step. {@link unknownTarget} (or NaN minutes) where masked. Arrays have one entry per step. Events of one
 * instant have no direction (snapshot/orders.ts): of their steps in a session only the last has targets.
 */
export interface ActionTargets {
  /** Place of the next event's type among the actions of the steps, or that of LEAVE at the end of the session. */
  readonly next: Int8Array;
  /** Minutes to the next event of the session; NaN at its end. */
  readonly minutes: Float32Array;
  /** Category of the next event of the session; masked where it is unknown (0). */
  readonly category: Int16Array;
  /** 1 when a purchase follows in the session. */
  readonly purchase: Int8Array;
  /** 1 when the cart is not empty at the end of the session and nothing was bought since; masked where no cart is open. */
  readonly abandonment: Int8Array;
  /** By {@link returnDays}: 1 when a session begins within that many days of the end of this one. */
  readonly returns: readonly [Int8Array, Int8Array, Int8Array];
}

/** The time for which targets are made. Milliseconds since the epoch. */
export interface TargetWindow {
  /** Steps after this instant have targets. */
  readonly after: number;
  /** Steps up to this instant (inclusive) have targets; these do not depend on later events. */
  readonly until: number;
}

/** Returns targets that are all masked. */
export function maskedTargets(length: number): ActionTargets {
  const flags = (): Int8Array => new Int8Array(length).fill(unknownTarget);
  return {
    next: flags(),
    minutes: new Float32Array(length).fill(Number.NaN),
    category: new Int16Array(length).fill(unknownTarget),
    purchase: flags(),
    abandonment: flags(),
    returns: [flags(), flags(), flags()],
  };
}

/** One session: steps [start, end), and when the next one begins (infinity: not within the window). */
interface Session {
  readonly start: number;
  readonly end: number;
  readonly nextAt: number;
}

function writeWithin(steps: ActionSteps, targets: ActionTargets, step: number): void {
  const { columns, occurredAt } = steps;
  targets.next[step] = columns.type[step + 1];
  targets.minutes[step] = (occurredAt[step + 1] - occurredAt[step]) / 60_000;
  if (columns.category[step + 1] > 0) targets.category[step] = columns.category[step + 1];
}

function writeReturns(steps: ActionSteps, targets: ActionTargets, session: Session, until: number): void {
  const endedAt = steps.occurredAt[session.end - 1];
  for (const [index, days] of returnDays.entries()) {
    const dueAt = endedAt + days * dayMs;
    // Also masked for shoppers who are already back: keeping only them would overestimate how many return.
    if (until < dueAt) continue;
    targets.returns[index].fill(Number(session.nextAt <= dueAt), session.start, session.end);
  }
}

/** Writes the targets of a session's steps, from its end backwards. */
function writeSession(steps: ActionSteps, targets: ActionTargets, session: Session, until: number): void {
  const { columns, occurredAt, actions } = steps;
  const last = session.end - 1;
  const purchaseType = actions.indexOf(purchase);
  const isOver = Number.isFinite(session.nextAt) || occurredAt[last] + sessionGapMs < until;
  let isBought = false;
  for (let step = last; step >= session.start; step--) {
    if (step < last) writeWithin(steps, targets, step);
    else if (isOver) targets.next[step] = typeCountOf(actions);
    if (isBought || isOver) targets.purchase[step] = Number(isBought);
    if (columns.cartSize[step] > 0 && (isBought || isOver))
      targets.abandonment[step] = Number(!isBought && columns.cartSize[last] > 0);
    isBought ||= columns.type[step] === purchaseType;
  }
  if (isOver) writeReturns(steps, targets, session, until);
}

/** Masks all targets of steps [start, end). */
function mask(targets: ActionTargets, start: number, end: number): void {
  const { next, minutes, category, purchase, abandonment, returns } = targets;
  for (const array of [next, category, purchase, abandonment, ...returns])
    array.fill(unknownTarget, start, end);
  minutes.fill(Number.NaN, start, end);
}

/** Masks the targets before the window. */
function maskBefore(
  { occurredAt }: ActionSteps,
  targets: ActionTargets,
  user: { readonly start: number; readonly end: number },
  after: number,
): void {
  let first = user.start;
  while (first < user.end && occurredAt[first] <= after) first++;
  mask(targets, user.start, first);
}

/** Masks the steps of a session that another step of the same instant comes after. */
function maskWithinInstants(
  { occurredAt }: ActionSteps,
  targets: ActionTargets,
  { start, end }: Session,
): void {
  for (let step = start; step + 1 < end; step++)
    if (occurredAt[step + 1] === occurredAt[step]) mask(targets, step, step + 1);
}

/**
 * Returns what followed each step of a window, as known at the window's end: a session that was still open has no end, and
 * a return is masked where its time was not over.
 */
export function actionTargetsOf(steps: ActionSteps, { after, until }: TargetWindow): ActionTargets {
  const { offsets, columns, occurredAt } = steps;
  const targets = maskedTargets(steps.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    let known = offsets[user];
    while (known < offsets[user + 1] && occurredAt[known] <= until) known++;
    for (let start = offsets[user]; start < known; ) {
      let end = start + 1;
      while (end < known && columns.startsSession[end] === 0) end++;
      const session = { start, end, nextAt: end < known ? occurredAt[end] : Number.POSITIVE_INFINITY };
      writeSession(steps, targets, session, until);
      maskWithinInstants(steps, targets, session);
      start = end;
    }
    maskBefore(steps, targets, { start: offsets[user], end: known }, after);
  }
  return targets;
}
