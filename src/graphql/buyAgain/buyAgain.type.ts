import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ProductId, UserId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import type { BuyAgainAnswer, DueProduct } from '../../serving/lists/dueProducts';
import type { PageRequest } from '../../store/ports/page';
import { type Connection, connectionTypes, toConnection } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';

/** A product that the shopper bought before. */
@ObjectType('BuyAgainItem', {
  simpleResolvers: true,
  description: 'A product that the shopper bought before, and when they are expected to buy it again.',
})
export class BuyAgainItem {
  @Field(() => ID, { description: 'Id of the product.' })
  readonly productId!: ProductId;

  @Field(() => Float, {
    description: 'Probability that the shopper buys the product again within 7 days, 0 to 1.',
  })
  readonly probabilityWithin7Days!: number;

  @Field(() => Float, {
    description: 'Probability that the shopper buys the product again within 30 days, 0 to 1.',
  })
  readonly probabilityWithin30Days!: number;

  @Field(() => dateTimeScalar, { description: 'When the shopper last bought the product.' })
  readonly lastBoughtAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description:
      'When the shopper will have bought the product again with a probability of 0.5. Null when that is more than a year away.',
  })
  readonly dueAt!: number | null;

  @Field(() => Int, {
    description: 'Number of orders with the product among the latest 200 events of the shopper.',
  })
  readonly timesBought!: number;

  /** The shopper. Not in the schema. */
  readonly shopperId!: UserId | null;
}

/** Connection of what a shopper buys again. */
export const { Connection: BuyAgainConnection } = connectionTypes(
  'BuyAgainItem',
  () => BuyAgainItem,
  'due product',
);

/** Why a connection has no rows, and the instant of its answer; fields of the connection. */
export interface BuyAgainState {
  readonly degraded: DegradedReason | null;
  readonly asOf: number;
}

const kind = 'buyAgain';
/** Cursors hold probabilities as whole numbers. */
const probabilityUnits = 1e9;

const keyOf = ({ within7Days }: DueProduct): number => Math.round(within7Days * probabilityUnits);

/** Returns the place after a cursor's product; when that is gone, the place where its probability would be. */
function placeAfter(products: readonly DueProduct[], after: PageRequest['after']): number {
  if (after === undefined) return 0;
  const known = products.findIndex(({ productId }) => productId === after.id);
  if (known >= 0) return known + 1;
  const later = products.findIndex(product => keyOf(product) < after.at);
  return later < 0 ? products.length : later;
}

/** Converts an answer to a page of its products. */
export function toBuyAgainConnection(
  { products, degraded, asOf }: BuyAgainAnswer,
  shopperId: UserId | null,
  { first, after }: PageRequest,
): Connection<BuyAgainItem> & BuyAgainState {
  const start = placeAfter(products, after);
  const connection = toConnection({
    kind,
    page: { rows: products.slice(start, start + first), hasNext: start + first < products.length },
    isFirstPage: after === undefined,
    cursorOf: product => ({ at: keyOf(product), id: product.productId }),
    nodeOf: ({ within7Days, within30Days, ...product }): BuyAgainItem => ({
      ...product,
      probabilityWithin7Days: within7Days,
      probabilityWithin30Days: within30Days,
      shopperId,
    }),
  });
  return Object.assign(connection, { degraded, asOf });
}
