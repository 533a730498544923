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

@InputType({ description: 'Weight of one event type to set. Other types keep theirs.' })
class EventWeightInput {
  @Field(() => interactionTypeEnum, { description: 'Type of the event; at most once per call.' })
  readonly type!: InteractionType;

  @Field(() => Float, {
    nullable: true,
    description: '-25 to 25; negative for dislike. Null (or absent) resets it to its default.',
  })
  readonly weight?: number | null;
}

@InputType({ description: 'Products to leave out as already seen.' })
class AlreadySeenInput {
  @Field(() => alreadySeenRuleEnum, {
    nullable: true,
    description: 'Rule that decides which products are excluded. Null resets it to LEARNED.',
  })
  readonly rule?: AlreadySeenRule | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of days for which an event counts, 1 to 3650. Null counts events of any age.',
  })
  readonly days?: number | null;
}

@InputType({ description: 'Places for new products.' })
class NewcomersInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Distance between these places, 1 to 100; 0 offers none. Null resets it to 10.',
  })
  readonly every?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of days for which a product counts as new, 1 to 365. Null resets it to 14.',
  })
  readonly days?: number | null;
}

@InputType({ description: 'Places for products that a shopper never bought.' })
class DiscoveryInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Number of places of which at least one has such a product, 1 to 100; 0 keeps none. Null resets it to 6.',
  })
  readonly every?: number | null;
}

@InputType({ description: 'How long to store data. Only an ADMIN may set it, because it removes data.' })
class RetentionInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Number of days that interactions are stored, 1 to 36500. Null stores them until the user is erased.',
  })
  readonly interactionDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of days that new recommendation lists are stored, 1 to 3650. Null resets it to 90.',
  })
  readonly listDays?: number | null;
}

@InputType({ description: 'Limits that hold for all campaigns.' })
class CampaignPolicyInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Number of contacts that a shopper may have in `capDays`, 1 to 100. Null resets it to 3.',
  })
  readonly maxContacts?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of days of the frequency cap, 1 to 365. Null resets it to 7.',
  })
  readonly capDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Minute of the local day from which nobody is contacted, 0 to 1439. Null resets it to 1260 (21:00).',
  })
  readonly quietFromMinute?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Minute of the local day at which quiet hours end, 0 to 1439; equal to `quietFromMinute` for none. Null resets it to 480 (8:00).',
  })
  readonly quietToMinute?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'IANA name of the time zone of shoppers without an attribute `timeZone`, such as `Europe/Berlin`. Null resets it to UTC.',
  })
  readonly timeZone?: string | null;
}

@InputType({
  description:
    'Settings of the shop to change. Absent fields stay as they are. Null resets a field, or all settings below it, to the default.',
})
export class ShopPolicyUpdateInput {
  @Field(() => [EventWeightInput], { nullable: true, description: 'Weights of event types.' })
  readonly eventWeights?: readonly EventWeightInput[] | null;

  @Field(() => AlreadySeenInput, {
    nullable: true,
    description: 'Products to leave out as already seen.',
  })
  readonly alreadySeen?: AlreadySeenInput | null;

  @Field(() => NewcomersInput, { nullable: true, description: 'Places for new products.' })
  readonly newcomers?: NewcomersInput | null;

  @Field(() => DiscoveryInput, {
    nullable: true,
    description: 'Places for products that a shopper never bought.',
  })
  readonly discovery?: DiscoveryInput | null;

  @Field(() => RetentionInput, { nullable: true, description: 'How long to store data. ADMIN only.' })
  readonly retention?: RetentionInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of days after a list or contact in which an event may be attributed to it, 1 to 365. Null resets it to 30.',
  })
  readonly attributionWindowDays?: number | null;

  @Field(() => CampaignPolicyInput, { nullable: true, description: 'Limits that hold for all campaigns.' })
  readonly campaigns?: CampaignPolicyInput | null;
}

type Given = Readonly<Record<string, PolicyValue | undefined>>;

/** Returns the settings of one group that an input names; all of them, to reset them, where the group is null. */
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

/** Returns the change that an input describes, unchecked. */
export function toPolicyChange(input: ShopPolicyUpdateInput): PolicyChange {
  const { eventWeights, alreadySeen, newcomers, discovery, retention, attributionWindowDays, campaigns } =
    input;
  return Object.fromEntries([
    ...settingsOf('eventWeights', weightsOf(eventWeights)),
    ...settingsOf('alreadySeen', alreadySeen && { ...alreadySeen }),
    ...settingsOf('newcomers', newcomers && { ...newcomers }),
    ...settingsOf('discovery', discovery && { ...discovery }),
    ...settingsOf('retention', retention && { ...retention }),
    ...settingsOf('campaigns', campaigns && { ...campaigns }),
    ...(attributionWindowDays === undefined
      ? []
      : [['attributionWindowDays', attributionWindowDays] as const]),
  ]);
}

/** Returns every reason to refuse an input; empty when there is none. Paths end in the setting: input, newcomers, every. */
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
