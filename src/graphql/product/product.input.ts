import { Field, ID, InputType, Int } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { Principal } from '../../domain/role';
import type { ProductFilter } from '../../store/ports/product';
import { staff } from '../access/access';
import { type ErrorPolicy, errorPolicyEnum } from '../batch/batch.enums';
import { BatchRow } from '../batch/batchRow';
import { FormerType } from '../formerType/formerType';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';
import { CatalogueFilterInput, toCatalogueFilter } from './catalogueFilter.input';

/** Filter for products. */
@InputType({ description: 'Filter for products. A product must meet every given condition.' })
export class ProductFilterInput extends CatalogueFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'Substring of the title or id, not case-sensitive.',
  })
  readonly text?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for stubs: products that only events name, and that lists and searches leave out. Only MERCHANDISER and ADMIN may ask for them.',
  })
  readonly isStub?: boolean | null;
}

const maxTextLength = 200;

function checkText(text: string): string {
  if (text.length <= maxTextLength) return text;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected \`filter.text\` of at most ${maxTextLength} characters; got ${text.length}. Shorten it.`,
  );
}

/**
 * Returns the conditions that were given. Without `isStub`, stubs are left out.
 *
 * @param shopCurrency - currency of products and price bounds that name none
 * @throws {GatewayError} BAD_USER_INPUT; FORBIDDEN when a role other than staff asks for stubs
 */
export function toProductFilter(
  input: ProductFilterInput | null | undefined,
  shopCurrency: string,
  { role }: Principal,
): ProductFilter {
  const { minPriceMinor: min, maxPriceMinor: max, currency, ...filter } = toCatalogueFilter(input);
  const isStub = input?.isStub ?? false;
  if (isStub && !staff.includes(role))
    throw new GatewayError(
      'FORBIDDEN',
      `Expected a MERCHANDISER or ADMIN credential with \`filter.isStub\`; got ${role}. Leave isStub out.`,
    );
  const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const isPriced = min !== undefined || max !== undefined || currency !== undefined;
  return {
    ...filter,
    isStub,
    ...(isPriced && { price: { currency: currency ?? shopCurrency, shopCurrency, ...bounds } }),
    ...(input?.text ? { text: checkText(input.text) } : {}),
  };
}

/** A title and description in one language. */
@InputType({ description: 'Title and description in one additional language.' })
export class ProductTranslationInput {
  @Field(() => String, { description: 'BCP 47 tag of the language.' })
  readonly locale!: string;

  @Field(() => String, { nullable: true, description: 'Title in this language.' })
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'Description in this language.' })
  readonly description?: string | null;
}

/** A product to write. */
@BatchRow('productId')
@InputType({
  description: 'A product to write. Omitted fields stay as they are. Null clears a field.',
})
export class ProductInput {
  @Field(() => ID, { description: "Id in the shop's own system, 1 to 256 characters." })
  readonly productId!: string;

  @Field(() => String, { nullable: true, description: 'Title in the language `locale`.' })
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'Description in the language `locale`.' })
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of `title` and `description`.' })
  readonly locale?: string | null;

  @Field(() => [ProductTranslationInput], {
    nullable: true,
    description: 'Texts in all additional languages. The list replaces all stored translations.',
  })
  readonly translations?: readonly ProductTranslationInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Category path, from the root.' })
  readonly categoryPath?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Labels that the shop assigned.' })
  readonly tags?: readonly string[] | null;

  @FormerType('Float')
  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Price of one unit, as a whole number of minor units of `currency`.',
  })
  readonly priceMinor?: number | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code. Null means the currency of the shop.' })
  readonly currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Units in stock. Null when stock is not tracked.' })
  readonly stock?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'URL of an image: http, https, or data with the image itself.',
  })
  readonly imageUrl?: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: "The shop's own attributes. The object replaces all stored attributes.",
  })
  readonly attributes?: Readonly<Record<string, unknown>> | null;

  @Field(() => Boolean, { nullable: true, description: 'False removes the product from every list.' })
  readonly isActive?: boolean | null;
}

/** A batch of products to write. */
@InputType({ description: 'A batch of products to write.' })
export class ProductsUpsertInput {
  @Field(() => [ProductInput], { description: 'Products to write, at most 1,000.' })
  readonly products!: readonly ProductInput[];

  @Field(() => errorPolicyEnum, {
    nullable: true,
    defaultValue: 'IGNORE_FAILED',
    description: 'What to do when some of the rows are invalid.',
  })
  readonly errorPolicy?: ErrorPolicy | null;
}
