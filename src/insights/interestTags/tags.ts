import type { ProductDocument } from '../../snapshot/snapshot';

/** What a tag is called, by language; at least one there is. Unique among tags in each language. */
export interface TagNames {
  readonly en?: string;
  readonly zh?: string;
}

/** Something that shoppers are into: products that go together by their words and by who likes them. */
export interface InterestTag {
  /** Stays the same over trainings as long as the tag holds mostly the same products, also where up to five missed it. */
  readonly id: string;
  /** The wider tag it belongs to; null for the widest. Only tags without children hold products of their own. */
  readonly parentId: string | null;
  readonly names: TagNames;
  /** Most telling first, at most 12; none that fewer than five products or shoppers used. */
  readonly terms: readonly string[];
  /** Products of which it is the strongest tag (of a wider tag: those of its children). */
  readonly products: number;
  /** How close its products stand together: mean cosine to their centre, 0 to 1. */
  readonly cohesion: number;
}

/** A tag and how much of something belongs to it, over 0 to 1. */
export interface TagWeight {
  readonly tagId: string;
  readonly weight: number;
}

/** A product and how much of it belongs to a tag, over 0 to 1. */
export interface TaggedProduct {
  readonly productId: string;
  readonly weight: number;
}

/** The tags of a shop as a training left them. Holds no shopper: interestsOf makes a shopper's from the latest events. */
export interface InterestTags {
  /** Wider tags after their children; largest first within each. */
  readonly tags: readonly InterestTag[];
  /** Undefined for an id of another training that is gone. */
  tagById(tagId: string): InterestTag | undefined;
  /** At most 3 tags, strongest first, adding up to 1; none for a product the training never saw. */
  tagsOfProduct(productId: string): readonly TagWeight[];
  /** Of a shopper's words (a search, a review), in any language: as tagsOfProduct; none where no word says anything. */
  tagsOfText(texts: readonly string[]): readonly TagWeight[];
  /** Of a product described after the training: as tagsOfProduct; none where no word says anything. */
  tagsOfDocument(document: ProductDocument): readonly TagWeight[];
  /** Products of a tag, or of a wider tag's children, strongest first; none for an id that is not known. */
  productsOf(tagId: string, first: number): readonly TaggedProduct[];
  /** The tags of the same kind (with or without children) nearest to a tag, by the cosine of their centres, where over 0. */
  related(tagId: string, first: number): readonly TagWeight[];
}
