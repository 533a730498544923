import { type ShopId, toEventId } from '../domain/ids';
import type { Interaction, InteractionType } from '../domain/interaction';
import type { Rng } from '../numeric/rng';
import { dayMs } from './calendar';
import { between, logNormal } from './draws';
import type { Shopper } from './people';

/** Fields of an event besides its type and product. */
export interface EventDetails {
  readonly value?: number;
  readonly priceMinor?: number;
  readonly queryText?: string;
}

/** The start of a visit. */
export interface VisitStart {
  readonly shopId: ShopId;
  readonly shopper: Shopper;
  /** Index of the visit among the shopper's visits. */
  readonly visit: number;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  /** Milliseconds since the epoch, exclusive: no event is later. */
  readonly end: number;
}

const secondsBetweenSteps = { median: 35, spread: 0.9 };

/** Records the events of one visit: advances the time with each event and numbers their ids. */
export class Visit {
  private time: number;
  private emitted = 0;

  constructor(
    private readonly start: VisitStart,
    readonly rng: Rng,
    private readonly out: Interaction[],
  ) {
    this.time = start.startsAt;
  }

  /** Whether no event was recorded yet. */
  get isNew(): boolean {
    return this.emitted === 0;
  }

  /** Records the next event of the visit. */
  record(type: InteractionType, productId: Interaction['productId'], details: EventDetails = {}): void {
    this.emit(this.time, type, productId, details);
    const pause = logNormal(this.rng, secondsBetweenSteps.median, secondsBetweenSteps.spread);
    this.time += Math.round(1000 * Math.min(pause, 900));
  }

  /** Records an event some days after the visit (a return, a rating), outside any session. */
  recordLater(
    days: { readonly from: number; readonly to: number },
    type: InteractionType,
    later: LaterEvent,
  ): void {
    const time = this.time + Math.round(between(this.rng, days.from, days.to) * dayMs);
    this.emit(time, type, later.productId, later, null);
  }

  private emit(
    occurredAt: number,
    type: InteractionType,
    productId: Interaction['productId'],
    details: EventDetails,
    sessionId: string | null = `visit-${this.start.shopper.index}-${this.start.visit}`,
  ): void {
    const { shopId, shopper, visit, end } = this.start;
    const id = toEventId(`demo-${shopper.index}-${visit}-${this.emitted++}`);
    const delay = 40 + this.rng.int(400);
    if (occurredAt >= end) return;
    this.out.push({
      shopId,
      id,
      userId: shopper.user.id,
      productId,
      type,
      value: details.value ?? null,
      priceMinor: details.priceMinor ?? null,
      queryText: details.queryText ?? null,
      sessionId,
      occurredAt,
      receivedAt: Math.min(occurredAt + delay, end),
      attribution: null,
    });
  }
}

/** An event some days after the visit, and its product. */
export interface LaterEvent extends EventDetails {
  readonly productId: Interaction['productId'];
}
