import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { Role } from '../../domain/role';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { notifyObservers } from '../request/notifyObservers';
import { ShopType, toShopView } from './shop.type';
import { policyErrorsOf, ShopPolicyUpdateInput, toPolicyChange } from './shopPolicy.input';

@ObjectType({ simpleResolvers: true, description: 'The result of a change of the shop’s policy.' })
class ShopPolicyUpdatePayload {
  @Field(() => ShopType, {
    nullable: true,
    description: 'The shop with the policy after the change; null when nothing was changed.',
  })
  readonly shop!: ShopType | null;

  @Field(() => [UserError], { description: 'Why nothing was changed: one entry per bad value.' })
  readonly userErrors!: readonly UserError[];
}

/** @throws {GatewayError} FORBIDDEN when somebody else than an ADMIN sets how long data are kept */
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

/** Changes of a shop's policy. */
@Resolver()
export class ShopPolicyResolver {
  @Mutation(() => ShopPolicyUpdatePayload, {
    description:
      "Changes settings of the shop's policy; all of them or, when one is refused, none. Every gateway serves by them within a moment.",
  })
  async shopPolicyUpdate(
    @Arg('input', () => ShopPolicyUpdateInput, { description: 'The changes.' }) input: ShopPolicyUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ShopPolicyUpdatePayload> {
    checkRetention(input, context.principal.role);
    const userErrors = policyErrorsOf(input);
    if (userErrors.length > 0) return { shop: null, userErrors };
    return { shop: await changePolicy(context, input), userErrors };
  }
}
