import { Field, ID, ObjectType } from 'type-graphql';
import type { Shop } from '../../store/ports/shop';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';

/** A shop: one tenant of the gateway. */
@ObjectType('Shop', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'The shop of the credential. Every query and mutation acts within it.',
})
export class ShopType extends NodeType {
  @Field(() => ID, { description: 'Id of the shop, as tokens contain it.' })
  readonly shopId!: string;

  @Field(() => String, { description: 'Display name.' })
  readonly name!: string;

  @Field(() => String, { description: 'BCP 47 tag of the default language.' })
  readonly defaultLocale!: string;

  @Field(() => String, { description: 'ISO 4217 code of the currency of amounts without one.' })
  readonly currency!: string;
}

/** Converts a shop to its GraphQL type. */
export function toShopView(shop: Shop): ShopType {
  const { id, name, defaultLocale, currency } = shop;
  return { __typename: 'Shop', id: toGlobalId('Shop', id), shopId: id, name, defaultLocale, currency };
}
