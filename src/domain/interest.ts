import type { ProductId, ShopId, UserId } from './ids';

/** What a tag is called, by language (`en`, `zh`). */
export type InterestNames = Readonly<Record<string, string>>;

/** Something shoppers are into, as a training found it and as merchandisers edited it. */
export interface InterestTagRecord {
  readonly shopId: ShopId;
  /** Survives trainings, for as long as the tag holds mostly the same products. */
  readonly id: string;
  /** The wider tag it belongs to; null for the widest. */
  readonly parentId: string | null;
  /** As learned. */
  readonly names: InterestNames;
  /** As merchandisers named it: these go before the learned ones. */
  readonly nameEdits: InterestNames;
  /** Most telling first. */
  readonly terms: readonly string[];
  /** Products of which it is the strongest tag. */
  readonly products: number;
  readonly isHidden: boolean;
  readonly isPinned: boolean;
  /** The tag that a merchandiser merged this one into. */
  readonly mergedIntoId: string | null;
  /** Whether the latest training still found it. */
  readonly isActive: boolean;
  readonly modelVersion: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A tag as a training found it. */
export type LearnedInterestTag = Pick<InterestTagRecord, 'id' | 'parentId' | 'names' | 'terms' | 'products'>;

/** What a merchandiser changes of a tag; absent fields stay. */
export interface InterestTagEdit {
  /** By language; null goes back to the learned name. Other languages stay. */
  readonly names?: Readonly<Record<string, string | null>>;
  readonly isHidden?: boolean;
  readonly isPinned?: boolean;
  /** Null undoes a merge. */
  readonly mergedIntoId?: string | null;
}

/** How much of something belongs to a tag, over 0 to 1. */
export interface WeightedTag {
  readonly tagId: string;
  readonly weight: number;
}

/** How much a shopper is into a tag, and how sure that is; both 0 to 1. */
export interface WeightedInterest extends WeightedTag {
  readonly confidence: number;
}

/** A shopper of a tag's audience. */
export interface InterestedUser {
  readonly userId: UserId;
  readonly weight: number;
  readonly confidence: number;
}

/** A product of a tag. */
export interface InterestProduct {
  readonly productId: ProductId;
  readonly weight: number;
}
