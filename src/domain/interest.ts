import type { ProductId, ShopId, UserId } from './ids';

/** Names of a tag, by language (`en`, `zh`). */
export type InterestNames = Readonly<Record<string, string>>;

/** An interest of shoppers, as a training found it and as merchandisers edited it. */
export interface InterestTagRecord {
  readonly shopId: ShopId;
  /** Stays the same over trainings as long as the tag has mostly the same products. */
  readonly id: string;
  /** The parent tag; null for a root. */
  readonly parentId: string | null;
  /** Learned names. */
  readonly names: InterestNames;
  /** Names that merchandisers gave it; they take precedence over the learned ones. */
  readonly nameEdits: InterestNames;
  /** Most specific first. */
  readonly terms: readonly string[];
  /** Number of products of which it is the strongest tag. */
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

/** Changes of a tag by a merchandiser; absent fields stay. */
export interface InterestTagEdit {
  /** By language; null restores the learned name. Other languages stay. */
  readonly names?: Readonly<Record<string, string | null>>;
  readonly isHidden?: boolean;
  readonly isPinned?: boolean;
  /** Null undoes a merge. */
  readonly mergedIntoId?: string | null;
}

/** Weight of a tag, above 0, at most 1. */
export interface WeightedTag {
  readonly tagId: string;
  readonly weight: number;
}

/** Weight of a shopper's interest in a tag, and its confidence; both 0 to 1. */
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
