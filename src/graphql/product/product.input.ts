import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { ProductFilter } from '../../store/ports/product';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { CatalogueFilterInput, toCatalogueFilter } from './catalogueFilter.input';

/** Which products to page through. */
@InputType({ description: 'Which products to page through; every given condition must hold.' })
export class ProductFilterInput extends CatalogueFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the title or of the id; upper and lower case are the same.',
  })
  readonly text?: string | null;
}

const maxTextLength = 200;

/** Returns the conditions that were given. @throws {GatewayError} BAD_USER_INPUT */
export function toProductFilter(input: ProductFilterInput | null | undefined): ProductFilter {
  const filter = toCatalogueFilter(input);
  const text = input?.text;
  if (text == null || text === '') return filter;
  if (text.length <= maxTextLength) return { ...filter, text };
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected \`filter.text\` of at most ${maxTextLength} characters.`,
  );
}

/** A title and description in one language. */
@InputType({ description: 'Title and description in one further language.' })
export class ProductTranslationInput {
  @Field(() => String, { description: 'BCP 47 tag of the language.' })
  readonly locale!: string;

  @Field(() => String, { nullable: true, description: 'Title in this language.' })
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'Description in this language.' })
  readonly description?: string | null;
}

/** A product to write. */
@InputType({
  description: 'A product to write. Fields that are left out stay as they are; null clears them.',
})
export class ProductInput {
  @Field(() => ID, { description: "The shop's own id, 1 to 256 characters." })
  readonly productId!: string;

  @Field(() => String, { nullable: true, description: 'Title in the language `locale`.' })
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'Description in the language `locale`.' })
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of `title` and `description`.' })
  readonly locale?: string | null;

  @Field(() => [ProductTranslationInput], {
    nullable: true,
    description: 'All further languages: the list replaces what was there.',
  })
  readonly translations?: readonly ProductTranslationInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Categories from the root down.' })
  readonly categoryPath?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: "The shop's own labels." })
  readonly tags?: readonly string[] | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Price of one unit, a whole number of minor units of `currency`.',
  })
  readonly priceMinor?: number | null;

  @Field(() => String, { nullable: true, description: "ISO 4217 code; null means the shop's own currency." })
  readonly currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Units at hand; null where it is not tracked.' })
  readonly stock?: number | null;

  @Field(() => String, { nullable: true, description: 'Address of a picture.' })
  readonly imageUrl?: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: "The shop's own attributes: the object replaces what was there.",
  })
  readonly attributes?: Readonly<Record<string, unknown>> | null;

  @Field(() => Boolean, { nullable: true, description: 'False takes it out of every list.' })
  readonly isActive?: boolean | null;
}

/** Products to write. */
@InputType({ description: 'Products to write in one call.' })
export class ProductsUpsertInput {
  @Field(() => [ProductInput], { description: 'The products, at most 1,000.' })
  readonly products!: readonly ProductInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of them cannot be kept.',
  })
  readonly errorPolicy?: ErrorPolicy | null;
}
