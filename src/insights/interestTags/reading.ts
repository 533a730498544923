// What serving uses of a loaded artifact of interest tags. Nothing of a shopper is learned or kept in it.

import type { WeightedInterest } from '../../domain/interest';
import type { ProductDocument } from '../../snapshot/snapshot';

/** Names of a tag by language, at least one. Unique among tags in each language. */
export interface TagNames {
  readonly en?: string;
  readonly zh?: string;
}

/** A common interest of shoppers: products that belong together by their words and by who likes them. */
export interface InterestTag {
  /** Stays the same over trainings while the tag holds mostly the same products, also if up to five trainings miss it. */
  readonly id: string;
  /** The wider tag it belongs to; null for the widest. Only tags without children hold products of their own. */
  readonly parentId: string | null;
  readonly names: TagNames;
  /** Most characteristic first, at most 12; only terms that at least five products or shoppers used. */
  readonly terms: readonly string[];
  /** Products whose strongest tag it is (for a wider tag: those of its children). */
  readonly products: number;
  /** Mean cosine of its products to their centre, 0-1. */
  readonly cohesion: number;
}

/** A tag and its share of a product or a text, in (0, 1]. */
export interface TagWeight {
  readonly tagId: string;
  readonly weight: number;
}

/** A product and the tag's share of it, in (0, 1]. */
export interface TaggedProduct {
  readonly productId: string;
  readonly weight: number;
}

/** Something a shopper did or wrote, with a product, a text or both; with neither it has no effect. */
export interface InterestEvent {
  readonly id: string;
  /** Milliseconds since the epoch; later than now counts as now. */
  readonly occurredAt: number;
  /** Strength of the preference (snapshot/eventWeight.ts); negative for a dislike or a return. */
  readonly weight: number;
  readonly productId?: string;
  /** A search, a post, a comment. */
  readonly text?: string;
}

/** Whether a shopper's attention to a tag grows or falls. */
export type Trend = 'RISING' | 'STEADY' | 'FADING';

/** An event that supports an interest, and its share of all support, in (0, 1]. */
export interface InterestEvidence {
  readonly eventId: string;
  readonly share: number;
}

/** A shopper's interest in one tag. */
export interface Interest {
  readonly tagId: string;
  /** Share of the shopper's attention, in (0, 1). */
  readonly weight: number;
  readonly trend: Trend;
  /** 0-1: rises with the number of fresh events that agree, and with the tag's cohesion. */
  readonly confidence: number;
  /** The strongest first, at most `maxEvidence`. */
  readonly evidence: readonly InterestEvidence[];
}

/** How events become interests. */
export interface InterestConfig {
  /** Days after which an event counts half as much. */
  readonly halfLifeDays: number;
  /** κ: mass at which half of the attention is accounted for; a purchase has weight 5. */
  readonly priorMass: number;
  /** Most events listed as evidence of one interest. */
  readonly maxEvidence: number;
  /** Tags that merchandisers merged, to the tags they were merged into; chains are followed. */
  readonly mergedInto?: ReadonlyMap<string, string>;
}

/** Weight of a text that a shopper wrote: the default weight of a view, independent of the weights of events. */
export const writtenTextWeight = 1;

/** What an artifact says about tags, products and texts. */
export interface TagLookups {
  /** Wider tags after their children; largest first within each. */
  readonly tags: readonly InterestTag[];
  /** Undefined for a tag of another artifact. */
  tagById(tagId: string): InterestTag | undefined;
  /** At most 3 tags, strongest first, shares adding up to 1; none for a product that was not in the training data. */
  tagsOfProduct(productId: string): readonly TagWeight[];
  /** Of a shopper's words (a search, a review) in any language, as tagsOfProduct; none when no word is known. */
  tagsOfText(texts: readonly string[]): readonly TagWeight[];
  /** Of a product described after the training, as tagsOfProduct; none when no word is known. */
  tagsOfDocument(document: ProductDocument): readonly TagWeight[];
  /** Products of a tag, or of a wider tag's children, strongest first; none for an unknown id. */
  productsOf(tagId: string, first: number): readonly TaggedProduct[];
  /** The nearest tags of the same kind (with or without children), by the cosine of their centres, where positive. */
  related(tagId: string, first: number): readonly TagWeight[];
}

/** A loaded artifact of interest tags. */
export interface InterestTags extends TagLookups {
  /**
   * A shopper's interests from their latest events, strongest first. Other work runs in between: long texts and unknown
   * words are expensive to look up.
   *
   * @param events - in any order; ids distinct
   * @param now - milliseconds since the epoch
   */
  interestsOf(
    events: readonly InterestEvent[],
    now: number,
    config?: Partial<InterestConfig>,
  ): Promise<readonly Interest[]>;
}

/** The part of interests that is saved: without the evidence, which names events. */
export const withoutEvidence = (interests: readonly Interest[]): readonly WeightedInterest[] =>
  interests.map(({ tagId, weight, confidence }) => ({ tagId, weight, confidence }));
