import type { CampaignId, ProductId, UserId } from '../domain/ids';
import { upliftOf } from './campaignEffect';
import { type DemoProduct, kinds } from './catalogue';
import { type NextStepParameters, nextStep } from './nextStep';
import type { Segment, Shopper } from './people';
import type { Sentiment } from './postWords';
import type { Taste } from './tastes/taste';
import { tastes } from './tastes/tastes';

/** Latent attributes of a shopper, hidden from every model. */
export interface UserTruth {
  /** Share of attention per taste, summing to 1. */
  readonly tastes: Float64Array;
  /** A taste that takes half of the attention from this day on; null: none. */
  readonly drift: { readonly taste: number; readonly day: number } | null;
  readonly segment: Segment;
  /** Log of the preferred price over the kind's median. */
  readonly priceWish: number;
  readonly priceSensitivity: number;
}

/** Latent attributes of a product, hidden from every model. */
export interface ProductTruth {
  /** Weight per taste, summing to 1: a single taste for most products, 2/3 and 1/3 for those of two tastes. */
  readonly tastes: Float64Array;
  /** English name of its kind. */
  readonly kind: string;
  readonly quality: number;
  readonly isInFashionNow: boolean;
}

/** The latent structure of the shop, for tests. */
export interface GroundTruth {
  readonly tastes: readonly Taste[];
  readonly users: ReadonlyMap<UserId, UserTruth>;
  readonly products: ReadonlyMap<ProductId, ProductTruth>;
  /** True change of the probability of a purchase within a week of the contact. */
  readonly uplift: (campaignId: CampaignId, userId: UserId) => number;
  /** By post id. */
  readonly sentiments: ReadonlyMap<string, Sentiment>;
  readonly nextStep: NextStepParameters;
}

/** Inputs of the ground truth. */
export interface TruthSources {
  readonly people: readonly Shopper[];
  readonly catalogue: readonly DemoProduct[];
  readonly strengths: ReadonlyMap<CampaignId, number>;
  readonly sentiments: ReadonlyMap<string, Sentiment>;
}

/** Collects the ground truth. Its `uplift` throws RangeError on ids of another shop. */
export function groundTruthOf({ people, catalogue, strengths, sentiments }: TruthSources): GroundTruth {
  const users = new Map(
    people.map(({ user, tastes: mixture, drift, segment, priceWish, priceSensitivity }) => [
      user.id,
      { tastes: mixture, drift, segment, priceWish, priceSensitivity },
    ]),
  );
  const lastFashion = catalogue.reduce((last, entry) => Math.max(last, entry.fashionDay), -1);
  return {
    tastes,
    users,
    products: new Map(catalogue.map(entry => [entry.product.id, truthOf(entry, lastFashion)])),
    uplift: (campaignId, userId) => {
      const strength = strengths.get(campaignId);
      const segment = users.get(userId)?.segment;
      if (strength === undefined || segment === undefined) {
        throw new RangeError(
          `Expected a campaign and a user of this demo shop; got "${campaignId}" and "${userId}".`,
        );
      }
      return upliftOf(segment, strength);
    },
    sentiments,
    nextStep,
  };
}

function truthOf(entry: DemoProduct, lastFashion: number): ProductTruth {
  const kind = kinds[entry.kind];
  const mixture = new Float64Array(tastes.length);
  mixture[kind.taste] = kind.also < 0 ? 1 : 2 / 3;
  if (kind.also >= 0) mixture[kind.also] = 1 / 3;
  const isInFashionNow = entry.fashionDay >= 0 && entry.fashionDay === lastFashion;
  return { tastes: mixture, kind: kind.name.en, quality: entry.quality, isInFashionNow };
}
