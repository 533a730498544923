import { Field, Float, InputType, Int } from 'type-graphql';
import type { InteractionType } from '../../domain/interaction';
import {
  type AlreadySeenRule,
  type PolicyChange,
  type PolicyValue,
  policyKeysOf,
  problemsOfChange,
} from '../../domain/shopPolicy';
import type { UserError } from '../errors/userError.type';
import { interactionTypeEnum } from '../interaction/interaction.enums';
import { alreadySeenRuleEnum } from './shopPolicy.enums';

@InputType({ description: 'A weight to set. Other types stay as they are.' })
class EventWeightInput {
  @Field(() => interactionTypeEnum, { description: 'The type, at most once.' })
  readonly type!: InteractionType;

  @Field(() => Float, {
    nullable: true,
    description: 'From -25 to 25, negative for dislike; null (or left out) resets it to its default.',
  })
  readonly weight?: number | null;
}

@InputType({ description: 'What to leave out of lists as already dealt with.' })
class AlreadySeenInput {
  @Field(() => alreadySeenRuleEnum, {
    nullable: true,
    description: 'The rule; null resets it to EXCLUDE_PURCHASED.',
  })
  readonly rule?: AlreadySeenRule | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days for which an event counts, 1 to 3650; null: however old the event is.',
  })
  readonly days?: number | null;
}

@InputType({ description: 'Places for new products.' })
class NewcomersInput {
  @Field(() => Int, {
    nullable: true,
    description: 'One place in this many, 1 to 100; 0 offers none; null resets it to 10.',
  })
  readonly every?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days for which a product counts as new, 1 to 365; null resets it to 14.',
  })
  readonly days?: number | null;
}

@InputType({ description: 'How long to keep data. Only an ADMIN may set it, because it removes data.' })
class RetentionInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Days an interaction is kept, 1 to 36500; null keeps it until the user is erased.',
  })
  readonly interactionDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days a recommendation list made from now on is kept, 1 to 3650; null resets it to 90.',
  })
  readonly listDays?: number | null;
}

/** What to change of a policy. */
@InputType({
  description:
    'What to change of a shop’s policy. Fields that are left out stay as they are; null resets a field, or every setting under it, to its default.',
})
export class ShopPolicyUpdateInput {
  @Field(() => [EventWeightInput], { nullable: true, description: 'Weights of events, by type.' })
  readonly eventWeights?: readonly EventWeightInput[] | null;

  @Field(() => AlreadySeenInput, {
    nullable: true,
    description: 'What to leave out of lists as already dealt with.',
  })
  readonly alreadySeen?: AlreadySeenInput | null;

  @Field(() => NewcomersInput, { nullable: true, description: 'Places for new products.' })
  readonly newcomers?: NewcomersInput | null;

  @Field(() => RetentionInput, { nullable: true, description: 'How long to keep data. ADMIN only.' })
  readonly retention?: RetentionInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days after a list or contact in which an event may be attributed to it, 1 to 365; null resets it to 30.',
  })
  readonly attributionWindowDays?: number | null;
}

type Given = Readonly<Record<string, PolicyValue | undefined>>;

/** The settings of one group that an input names; every one, to reset it, where the group is null. */
function settingsOf(
  group: string,
  given: Given | null | undefined,
): readonly (readonly [string, PolicyValue])[] {
  if (given === undefined) return [];
  if (given === null) return policyKeysOf(group).map(key => [key, null]);
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${group}.${name}`, value] as const],
  );
}

const weightsOf = (given: ShopPolicyUpdateInput['eventWeights']): Given | null | undefined =>
  given && Object.fromEntries(given.map(({ type, weight = null }) => [type, weight]));

/** The change that an input describes, not yet checked. */
export function toPolicyChange(input: ShopPolicyUpdateInput): PolicyChange {
  const { eventWeights, alreadySeen, newcomers, retention, attributionWindowDays } = input;
  return Object.fromEntries([
    ...settingsOf('eventWeights', weightsOf(eventWeights)),
    ...settingsOf('alreadySeen', alreadySeen && { ...alreadySeen }),
    ...settingsOf('newcomers', newcomers && { ...newcomers }),
    ...settingsOf('retention', retention && { ...retention }),
    ...(attributionWindowDays === undefined
      ? []
      : [['attributionWindowDays', attributionWindowDays] as const]),
  ]);
}

/** Every reason why an input cannot be kept; empty when it can. Paths end in the setting: input, newcomers, every. */
export function policyErrorsOf(input: ShopPolicyUpdateInput): readonly UserError[] {
  const types = (input.eventWeights ?? []).map(({ type }) => type);
  const repeated = types.filter((type, at) => types.indexOf(type) < at);
  const errors = repeated.map((type): UserError => {
    const message = `Expected each event type once; got ${type} again. Give one weight per type.`;
    return { field: ['input', 'eventWeights', type], message, code: 'INVALID' };
  });
  const problems = problemsOfChange(toPolicyChange(input)).map(
    ({ key, message }): UserError => ({ field: ['input', ...key.split('.')], message, code: 'INVALID' }),
  );
  return [...errors, ...problems];
}
