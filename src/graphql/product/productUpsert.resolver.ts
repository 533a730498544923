import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkProduct } from '../../intake/product';
import type { ProductUpsert } from '../../store/ports/product';
import { Rejected, type RejectedRows } from '../batch/batchRow';
import { UpsertPayload } from '../batch/upsert.type';
import { upsertRows } from '../batch/upsertRows';
import type { GraphqlContext } from '../request/context';
import { notifyObservers } from '../request/notifyObservers';
import { type ProductInput, ProductsUpsertInput } from './product.input';

/** Converts a product to the form that intake validates. */
const toRaw = ({ productId, ...rest }: ProductInput): unknown => ({ ...rest, id: productId });

async function keepProducts(
  rows: readonly ProductUpsert[],
  context: GraphqlContext,
): Promise<readonly ('created' | 'updated')[]> {
  const { services, principal, now } = context;
  const { shopId } = principal;
  const kept = await services.stores.products.upsertMany(shopId, rows, now);
  await notifyObservers(context, observer => observer.productsCommitted?.({ shopId }));
  return kept;
}

/** Resolvers of writes to the catalogue. */
@Resolver()
export class ProductUpsertResolver {
  @Mutation(() => UpsertPayload, { description: 'Creates products, or updates fields of existing ones.' })
  async productsUpsert(
    @Arg('input', () => ProductsUpsertInput, { description: 'The batch of products.' })
    input: ProductsUpsertInput,
    @Rejected('products') rejected: RejectedRows,
    @Ctx() context: GraphqlContext,
  ): Promise<UpsertPayload> {
    return upsertRows({
      field: 'products',
      raw: input.products.map(toRaw),
      rejected,
      ids: input.products.map(({ productId }) => productId),
      idField: 'productId',
      errorPolicy: input.errorPolicy,
      check: checkProduct,
      context: { shopId: context.principal.shopId, now: context.now },
      keep: rows => keepProducts(rows, context),
    });
  }
}
