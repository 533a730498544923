import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { Role } from '../../domain/role';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { notifyObservers } from '../request/notifyObservers';
import { ShopType, toShopView } from './shop.type';
import { policyErrorsOf, ShopPolicyUpdateInput, toPolicyChange } from './shopPolicy.input';

@ObjectType({ simpleResolvers: true, description: 'Result of `shopPolicyUpdate`.' })
class ShopPolicyUpdatePayload {
  @Field(() => ShopType, {
    nullable: true,
    description: 'The shop after the change. Null when nothing was changed.',
  })
  readonly shop!: ShopType | null;

  @Field(() => [UserError], { description: 'Reasons why nothing was changed: one per bad value.' })
  readonly userErrors!: readonly UserError[];
}

/** @throws {GatewayError} FORBIDDEN when the input sets `retention` and the role is not ADMIN */
function checkRetention({ retention }: ShopPolicyUpdateInput, role: Role): void {
  if (retention === undefined || role === 'ADMIN') return;
  throw new GatewayError(
    'FORBIDDEN',
    `Expected an ADMIN to set \`retention\`, because it removes data; got ${role}. Leave it out.`,
  );
}

async function changePolicy(context: GraphqlContext, input: ShopPolicyUpdateInput): Promise<ShopType> {
  const { services, principal } = context;
  const { shopId } = principal;
  await services.stores.shops.changePolicy(shopId, toPolicyChange(input));
  await notifyObservers(context, observer => observer.policyCommitted?.({ shopId }));
  return toShopView(await context.shop());
}

/** Resolver of changes of the shop's policy. */
@Resolver()
export class ShopPolicyResolver {
  @Mutation(() => ShopPolicyUpdatePayload, {
    description:
      'Changes settings of the shop. When one value is refused, none is changed. All gateways follow within about a second.',
  })
  async shopPolicyUpdate(
    @Arg('input', () => ShopPolicyUpdateInput, { description: 'Settings to change.' })
    input: ShopPolicyUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ShopPolicyUpdatePayload> {
    checkRetention(input, context.principal.role);
    const userErrors = policyErrorsOf(input);
    if (userErrors.length > 0) return { shop: null, userErrors };
    return { shop: await changePolicy(context, input), userErrors };
  }
}
