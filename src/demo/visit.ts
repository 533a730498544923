import { type ShopId, toEventId } from '../domain/ids';
import type { Interaction, InteractionType } from '../domain/interaction';
import type { Rng } from '../numeric/rng';
import { dayMs } from './calendar';
import { between, logNormal } from './draws';
import type { Shopper } from './people';

/** What an event says beside its type and product. */
export interface Saying {
  readonly value?: number;
  readonly priceMinor?: number;
  readonly queryText?: string;
}

/** Where and when a visit happens. */
export interface VisitStart {
  readonly shopId: ShopId;
  readonly shopper: Shopper;
  /** Number of the visit among the shopper's, from 0. */
  readonly visit: number;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  /** No event is as late as this. */
  readonly end: number;
}

const secondsBetweenSteps = { median: 35, spread: 0.9 };

/** One visit as it is told: a clock that moves with each event, ids that number them, and a list that takes them. */
export class Visit {
  private time: number;
  private told = 0;

  constructor(
    private readonly start: VisitStart,
    readonly rng: Rng,
    private readonly out: Interaction[],
  ) {
    this.time = start.startsAt;
  }

  /** Whether nothing was told yet. */
  get isNew(): boolean {
    return this.told === 0;
  }

  /** Tells the next event of the visit. */
  say(type: InteractionType, productId: Interaction['productId'], saying: Saying = {}): void {
    this.tell(this.time, type, productId, saying);
    const pause = logNormal(this.rng, secondsBetweenSteps.median, secondsBetweenSteps.spread);
    this.time += Math.round(1000 * Math.min(pause, 900));
  }

  /** Tells what comes of the visit some days later (a return, a rating), outside any session. */
  sayLater(days: { readonly from: number; readonly to: number }, type: InteractionType, later: Later): void {
    const time = this.time + Math.round(between(this.rng, days.from, days.to) * dayMs);
    this.tell(time, type, later.productId, later, null);
  }

  private tell(
    occurredAt: number,
    type: InteractionType,
    productId: Interaction['productId'],
    saying: Saying,
    sessionId: string | null = `visit-${this.start.shopper.index}-${this.start.visit}`,
  ): void {
    const { shopId, shopper, visit, end } = this.start;
    const id = toEventId(`demo-${shopper.index}-${visit}-${this.told++}`);
    const delay = 40 + this.rng.int(400);
    if (occurredAt >= end) return;
    this.out.push({
      shopId,
      id,
      userId: shopper.user.id,
      productId,
      type,
      value: saying.value ?? null,
      priceMinor: saying.priceMinor ?? null,
      queryText: saying.queryText ?? null,
      sessionId,
      occurredAt,
      receivedAt: Math.min(occurredAt + delay, end),
      attribution: null,
    });
  }
}

/** What comes of a visit later, and of which product. */
export interface Later extends Saying {
  readonly productId: Interaction['productId'];
}
