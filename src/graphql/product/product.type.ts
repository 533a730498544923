import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import { negotiateLocales } from '../../domain/locale';
import type { AttributeValue, Product, ProductText } from '../../domain/product';
import type { Principal } from '../../domain/role';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import type { GraphqlContext } from '../request/context';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';

/** An amount of money. */
@ObjectType({ simpleResolvers: true, description: 'An amount of money.' })
export class Money {
  @Field(() => safeIntScalar, { description: 'Amount in minor units of the currency: 1999 for 19.99 EUR.' })
  readonly amountMinor!: number;

  @Field(() => String, { description: 'ISO 4217 code.' })
  readonly currency!: string;
}

/** Title and description of a product in one additional language. */
@ObjectType({
  simpleResolvers: true,
  description: 'Title and description of a product in one additional language.',
})
export class ProductTranslation {
  @Field(() => String, { description: 'BCP 47 tag of the language.' })
  readonly locale!: string;

  @Field(() => String, { nullable: true, description: 'Title in this language.' })
  readonly title!: string | null;

  @Field(() => String, { nullable: true, description: 'Description in this language.' })
  readonly description!: string | null;
}

/** A product of the shop. */
@ObjectType('Product', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A product of the shop.',
})
export class ProductType extends NodeType {
  @Field(() => ID, { description: "Id in the shop's own system. Events refer to it." })
  readonly productId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'BCP 47 tag of the language of the default title and description.',
  })
  readonly locale!: string | null;

  @Field(() => [ProductTranslation], { description: 'Titles and descriptions in additional languages.' })
  readonly translations!: readonly ProductTranslation[];

  @Field(() => [String], { description: 'Category path, from the root: Home, Kitchen, Mugs.' })
  readonly categoryPath!: readonly string[];

  @Field(() => [String], { description: 'Labels that the shop assigned.' })
  readonly tags!: readonly string[];

  @Field(() => Money, { nullable: true, description: 'Price of one unit. Null when unknown.' })
  readonly price!: Money | null;

  @Field(() => Int, { nullable: true, description: 'Units in stock. Null when stock is not tracked.' })
  readonly stock!: number | null;

  @Field(() => Boolean, { description: 'Whether the product is in stock. True when stock is not tracked.' })
  readonly inStock!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'URL of an image: http, https, or data with the image itself.',
  })
  readonly imageUrl!: string | null;

  @Field(() => jsonObjectScalar, { description: 'Attributes that the shop assigned.' })
  readonly attributes!: Readonly<Record<string, AttributeValue>>;

  @Field(() => Boolean, { description: 'False removes the product from every list.' })
  readonly isActive!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the product is known only from events and not yet described.',
  })
  readonly isStub!: boolean;

  @Field(() => dateTimeScalar, { description: 'When the product was first seen.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the product last changed.' })
  readonly updatedAt!: number;

  /** The stored product. Not in the schema. */
  readonly product!: Product;
  /** The shopper whose language its texts are in. If absent, the caller. Not in the schema. */
  readonly shopperId?: UserId | null;
}

/** Connection of products. */
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
 * Converts a product to its GraphQL type. The result is cached with the product, which the process caches: a list of 20
 * products costs 20 lookups.
 *
 * @param shopCurrency - ISO 4217 code for prices without a currency
 */
export function toProductView(product: Product, shopCurrency: string): ProductType {
  const known = views.get(product);
  const wanted = product.currency ?? shopCurrency;
  if (known !== undefined && (known.price === null || known.price.currency === wanted)) return known;
  const view = makeView(product, shopCurrency);
  views.set(product, view);
  return view;
}

/** Returns the product with its texts in the language of a shopper. Null shopper: of the caller. */
export const forShopper = (
  product: ProductType | null,
  shopperId: UserId | null,
  caller: Principal,
): ProductType | null =>
  product === null || shopperId === null || shopperId === caller.userId ? product : { ...product, shopperId };

/**
 * Returns the texts of a product: in the locale that the query names, else in that of the shopper, else of the shop. Returns
 * a promise only when it must read the locale: a list needs many texts, and each promise costs time.
 */
export function textsOf(
  { product, shopperId }: ProductType,
  locale: string | null | undefined,
  { localeOf, principal }: GraphqlContext,
): ProductText | Promise<ProductText> {
  if (locale !== null && locale !== undefined) return productTextIn(product, locale);
  const hasOneLanguage = Object.keys(product.translations).length === 0;
  if (hasOneLanguage) return product;
  return localeOf(shopperId ?? principal.userId).then(tag => productTextIn(product, tag));
}

/**
 * Returns the texts of a product in a language, field by field: from the best locale that has the field, else the default
 * text.
 *
 * @param locale - BCP 47 tag; null for the default
 */
function productTextIn(product: Product, locale: string | null): ProductText {
  if (locale === null || locale === product.locale) return product;
  const texts = new Map(Object.entries(product.translations));
  if (product.locale !== null && !texts.has(product.locale)) texts.set(product.locale, product);
  const best = negotiateLocales(locale, [...texts.keys()]).flatMap(tag => texts.get(tag) ?? []);
  return {
    title: best.find(({ title }) => title !== null)?.title ?? product.title,
    description: best.find(({ description }) => description !== null)?.description ?? product.description,
  };
}
