import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Shop } from '../../store/ports/shop';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';

/** A tenant. */
@ObjectType('Shop', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'The shop the caller belongs to. Everything else is seen within it.',
})
export class ShopType extends NodeType {
  @Field(() => ID, { description: "The shop's id, as it stands in tokens." })
  readonly shopId!: string;

  @Field(() => String, { description: 'Name for people.' })
  readonly name!: string;

  @Field(() => String, { description: 'BCP 47 tag of the language used when nothing else is said.' })
  readonly defaultLocale!: string;

  @Field(() => String, { description: 'ISO 4217 code of the currency of amounts that name none.' })
  readonly currency!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Days an interaction is kept; null keeps it until the user is erased.',
  })
  readonly interactionRetentionDays!: number | null;

  @Field(() => Int, { description: 'Days a recommendation list is kept for attribution.' })
  readonly listRetentionDays!: number;
}

/** What the schema shows of a shop. */
export function toShopView(shop: Shop): ShopType {
  const { id, name, defaultLocale, currency, policy } = shop;
  const { interactionDays: interactionRetentionDays, listDays: listRetentionDays } = policy.retention;
  const described = { name, defaultLocale, currency, interactionRetentionDays, listRetentionDays };
  return { __typename: 'Shop', id: toGlobalId('Shop', id), shopId: id, ...described };
}
