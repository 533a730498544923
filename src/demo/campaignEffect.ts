import type { Segment } from './people';

/** Effect of a contact on a shopper of a segment: purchase probability without contact, and its change by a contact. */
export interface CampaignEffect {
  readonly baseline: number;
  readonly uplift: number;
}

/** Effects by segment. A campaign multiplies the uplift by its own strength, not the baseline. */
export const campaignEffects: Readonly<Record<Segment, CampaignEffect>> = {
  PERSUADABLE: { baseline: 0.05, uplift: 0.13 },
  SURE_THING: { baseline: 0.22, uplift: 0.01 },
  LOST_CAUSE: { baseline: 0.01, uplift: 0.002 },
  SLEEPING_DOG: { baseline: 0.12, uplift: -0.06 },
};

/** True change of the purchase probability when a campaign of this strength contacts a shopper of this segment. */
export const upliftOf = (segment: Segment, strength: number): number =>
  campaignEffects[segment].uplift * strength;
