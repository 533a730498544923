import type { ProductId, ShopId } from './ids';

/** Texts of a product in one language. */
export interface ProductText {
  readonly title: string | null;
  readonly description: string | null;
}

/** Values of an attribute: JSON without nesting. */
export type AttributeValue = string | number | boolean | readonly string[];

/** A product as the shop describes it. A stub was first seen in an event and is not described yet. */
export interface Product {
  readonly shopId: ShopId;
  readonly id: ProductId;
  readonly title: string | null;
  readonly description: string | null;
  /** BCP 47 tag of `title` and `description`; null when unknown. */
  readonly locale: string | null;
  /** Other languages, by BCP 47 tag. */
  readonly translations: Readonly<Record<string, ProductText>>;
  /** From the root down: ['Home', 'Kitchen', 'Mugs']. */
  readonly categoryPath: readonly string[];
  readonly tags: readonly string[];
  /** In minor units of `currency`; null when unknown. */
  readonly priceMinor: number | null;
  /** ISO 4217; null means the shop's own. */
  readonly currency: string | null;
  /** Units in stock; null where the shop does not track stock (the product then counts as in stock). */
  readonly stock: number | null;
  readonly imageUrl: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** False removes it from every list. */
  readonly isActive: boolean;
  readonly isStub: boolean;
  /** Milliseconds since the epoch, UTC. */
  readonly createdAt: number;
  /** Milliseconds since the epoch, UTC. */
  readonly updatedAt: number;
}

/**
 * Returns the product as models may read it: without a price in another currency than the shop's, because amounts of two
 * currencies are not comparable.
 */
export const pricedIn = (product: Product, shopCurrency: string): Product =>
  product.currency === null || product.currency === shopCurrency ? product : { ...product, priceMinor: null };
