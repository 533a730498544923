import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { AttributeValue, Product, ProductText } from '../../domain/product';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';

/** An amount. */
@ObjectType({ simpleResolvers: true, description: 'An amount of money.' })
export class Money {
  @Field(() => safeIntScalar, { description: 'In minor units of the currency: 1999 for 19.99 EUR.' })
  readonly amountMinor!: number;

  @Field(() => String, { description: 'ISO 4217 code.' })
  readonly currency!: string;
}

/** A product's words in one language. */
@ObjectType({ simpleResolvers: true, description: "A product's words in one further language." })
export class ProductTranslation {
  @Field(() => String, { description: 'BCP 47 tag of the language.' })
  readonly locale!: string;

  @Field(() => String, { nullable: true, description: 'Title in this language.' })
  readonly title!: string | null;

  @Field(() => String, { nullable: true, description: 'Description in this language.' })
  readonly description!: string | null;
}

/** A product as the shop describes it. */
@ObjectType('Product', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A product as the shop describes it.',
})
export class ProductType extends NodeType {
  @Field(() => ID, { description: "The shop's own id: what events name." })
  readonly productId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'BCP 47 tag of the language of the default title and description.',
  })
  readonly locale!: string | null;

  @Field(() => [ProductTranslation], { description: 'Titles and descriptions in other languages.' })
  readonly translations!: readonly ProductTranslation[];

  @Field(() => [String], { description: 'Categories from the root down: Home, Kitchen, Mugs.' })
  readonly categoryPath!: readonly string[];

  @Field(() => [String], { description: "The shop's own labels." })
  readonly tags!: readonly string[];

  @Field(() => Money, { nullable: true, description: 'Price of one unit; null when unknown.' })
  readonly price!: Money | null;

  @Field(() => Int, { nullable: true, description: 'Units at hand; null where the shop does not track it.' })
  readonly stock!: number | null;

  @Field(() => Boolean, { description: 'Whether it can be bought now; true where stock is not tracked.' })
  readonly inStock!: boolean;

  @Field(() => String, { nullable: true, description: 'Address of a picture.' })
  readonly imageUrl!: string | null;

  @Field(() => jsonObjectScalar, { description: "The shop's own attributes." })
  readonly attributes!: Readonly<Record<string, AttributeValue>>;

  @Field(() => Boolean, { description: 'False takes it out of every list.' })
  readonly isActive!: boolean;

  @Field(() => Boolean, { description: 'Whether it is known only from events, not yet described.' })
  readonly isStub!: boolean;

  @Field(() => dateTimeScalar, { description: 'When it was first seen.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When its description last changed.' })
  readonly updatedAt!: number;

  /** The product the view was made of; not in the schema. */
  readonly product!: Product;
}

/** Pages of products. */
export const { Connection: ProductConnection } = connectionTypes('Product', () => ProductType, 'product');

const views = new WeakMap<Product, ProductType>();

function makeView(product: Product, shopCurrency: string): ProductType {
  const { shopId: _, id, title, description, priceMinor, currency, translations, ...rest } = product;
  return {
    ...rest,
    __typename: 'Product',
    id: toGlobalId('Product', id),
    productId: id,
    translations: Object.entries(translations).map(([locale, text]) => ({ locale, ...text })),
    price: priceMinor === null ? null : { amountMinor: priceMinor, currency: currency ?? shopCurrency },
    inStock: product.stock === null || product.stock > 0,
    product,
  };
}

/**
 * What the schema shows of a product. Made once for as long as the same object is in the process-wide product cache:
 * a list of twenty costs twenty look-ups, and its fields are plain properties.
 *
 * @param shopCurrency - ISO 4217, for prices that name no currency
 */
export function toProductView(product: Product, shopCurrency: string): ProductType {
  const known = views.get(product);
  const wanted = product.currency ?? shopCurrency;
  if (known !== undefined && (known.price === null || known.price.currency === wanted)) return known;
  const view = makeView(product, shopCurrency);
  views.set(product, view);
  return view;
}

/**
 * A product's words in a language: of the very tag, else of the same language in another region, else the default.
 *
 * @param locale - BCP 47; null for the default
 */
export function productTextIn(product: Product, locale: string | null): ProductText {
  if (locale === null || locale === product.locale) return product;
  const exact = product.translations[locale];
  if (exact !== undefined) return exact;
  const language = locale.split('-', 1)[0];
  if (product.locale?.split('-', 1)[0] === language) return product;
  const near = Object.keys(product.translations).find(tag => tag.split('-', 1)[0] === language);
  return near === undefined ? product : product.translations[near];
}
