import { Field, InputType } from 'type-graphql';
import type { RecommendFilters } from '../../serving/live/filter';
import { invalidArgument } from '../errors/invalidArgument';
import { safeIntScalar } from '../scalars/safeInt';

const maxCategoryDepth = 20;

/** Conditions on products that pages of the catalogue and recommendation lists share. Every given one must hold. */
@InputType()
export abstract class CatalogueFilterInput {
  @Field(() => [String], { nullable: true, description: 'Prefix of the category path, from the root.' })
  readonly category?: readonly string[] | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Minimum price in minor units of `currency`, inclusive.',
  })
  readonly minPriceMinor?: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Maximum price in minor units of `currency`, inclusive.',
  })
  readonly maxPriceMinor?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'ISO 4217 code. Only products with a price in this currency pass. If omitted, price bounds are in the currency of the shop. Amounts are never converted.',
  })
  readonly currency?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for products in stock, false for products out of stock.',
  })
  readonly inStock?: boolean | null;
}

/** Returns the conditions that were given. @throws {GatewayError} BAD_USER_INPUT */
export function toCatalogueFilter(input: CatalogueFilterInput | null | undefined): RecommendFilters {
  const { category, minPriceMinor, maxPriceMinor, currency, inStock } = input ?? {};
  if (category && category.length > maxCategoryDepth)
    throw invalidArgument(
      'filter.category',
      `a path of at most ${maxCategoryDepth} categories`,
      `${category.length}`,
    );
  for (const price of [minPriceMinor, maxPriceMinor]) {
    if (price != null && price < 0) throw invalidArgument('filter', 'prices of 0 or more', `${price}`);
  }
  if (currency != null && !/^[A-Z]{3}$/.test(currency))
    throw invalidArgument(
      'filter.currency',
      'three capital letters as in ISO 4217, such as EUR',
      'other text',
    );
  return {
    ...(category ? { category } : {}),
    ...(minPriceMinor != null ? { minPriceMinor } : {}),
    ...(maxPriceMinor != null ? { maxPriceMinor } : {}),
    ...(currency != null ? { currency } : {}),
    ...(inStock != null ? { inStock } : {}),
  };
}
