import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkProduct } from '../../intake/product';
import { UpsertPayload } from '../batch/upsert.type';
import { upsertRows } from '../batch/upsertRows';
import type { GraphqlContext } from '../request/context';
import { type ProductInput, ProductsUpsertInput, type ProductTranslationInput } from './product.input';

const byLocale = (translations: readonly ProductTranslationInput[]) =>
  Object.fromEntries(translations.map(({ locale, ...text }) => [locale, text]));

/** The product in intake's words. */
function toRaw({ productId, translations, ...rest }: ProductInput): unknown {
  const texts = translations === undefined ? {} : { translations: translations && byLocale(translations) };
  return { ...rest, ...texts, id: productId };
}

/** Writes to the catalogue. */
@Resolver()
export class ProductUpsertResolver {
  @Mutation(() => UpsertPayload, { description: 'Writes products: new ones, and new facts of known ones.' })
  async productsUpsert(
    @Arg('input', () => ProductsUpsertInput, { description: 'The products.' })
    { products, errorPolicy }: ProductsUpsertInput,
    @Ctx() { services, principal: { shopId }, now }: GraphqlContext,
  ): Promise<UpsertPayload> {
    const payload = await upsertRows({
      field: 'products',
      raw: products.map(toRaw),
      ids: products.map(({ productId }) => productId),
      idField: 'productId',
      errorPolicy,
      check: checkProduct,
      context: { shopId, now },
      keep: rows => services.stores.products.upsertMany(shopId, rows, now),
    });
    await services.recommender.refreshCatalogue(shopId);
    return payload;
  }
}
