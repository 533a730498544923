import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { CampaignChange } from '../../campaigns/lifecycle/editCampaign';
import type { InputProblem } from '../../domain/audience';
import type { CampaignChannel, CampaignObjective, Offer, OfferKind } from '../../domain/campaign';
import { type CampaignId, toProductId } from '../../domain/ids';
import type { Weekday } from '../../domain/localTime';
import { dateTimeScalar } from '../scalars/dateTime';
import { safeIntScalar } from '../scalars/safeInt';
import { CampaignAudienceInput, readAudience } from './audience.input';
import { campaignChannelEnum, campaignObjectiveEnum, offerKindEnum, weekdayEnum } from './campaign.enums';

@InputType({ description: 'A channel that a campaign may use.' })
class ChannelCostInput {
  @Field(() => campaignChannelEnum, { description: 'The channel; at most once per campaign.' })
  readonly channel!: CampaignChannel;

  @Field(() => safeIntScalar, {
    defaultValue: 0,
    description: "Cost of one contact, in minor units of the shop's currency.",
  })
  readonly costMinor!: number;
}

@InputType({ description: 'Limit of contacts to one shopper, over all campaigns.' })
class FrequencyCapInput {
  @Field(() => Int, { description: 'Maximum number of contacts, 1 to 100.' })
  readonly contacts!: number;

  @Field(() => Int, { description: 'In any such number of days, 1 to 365.' })
  readonly days!: number;
}

@InputType({
  description: "Minutes of each day, in the shopper's own time zone, in which nobody is contacted.",
})
class QuietHoursInput {
  @Field(() => Int, { description: 'First minute, 0 to 1439. After `endMinute` to last over midnight.' })
  readonly startMinute!: number;

  @Field(() => Int, { description: 'Minute at which they end, 0 to 1439.' })
  readonly endMinute!: number;
}

@InputType({
  description: "Minutes of some weekdays, in the shopper's own time zone, in which contacts may be made.",
})
class SendingWindowInput {
  @Field(() => [weekdayEnum], { description: 'The weekdays, each once.' })
  readonly weekdays!: readonly Weekday[];

  @Field(() => Int, { description: 'First minute of the day, 0 to 1439.' })
  readonly startMinute!: number;

  @Field(() => Int, { description: 'Minute at which it ends, 1 to 1440.' })
  readonly endMinute!: number;
}

@InputType({ description: 'An offer of a campaign. Which values it needs depends on its kind.' })
class CampaignOfferInput {
  @Field(() => ID, {
    nullable: true,
    description: "Id in the shop's own system, used by no other campaign. Without it, one is made.",
  })
  readonly offerId?: string | null;

  @Field(() => offerKindEnum, { description: 'Kind of the offer.' })
  readonly kind!: OfferKind;

  @Field(() => String, { description: 'Display title, 1 to 200 characters.' })
  readonly title!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Discount as a share of the price, above 0 up to 1: for PERCENTAGE and BUNDLE.',
  })
  readonly discountRate?: number | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Discount as an amount, in minor units: for FIXED and BUNDLE.',
  })
  readonly discountMinor?: number | null;

  @Field(() => Int, { nullable: true, description: 'Points that it earns: for POINTS.' })
  readonly points?: number | null;

  @Field(() => [ID], { nullable: true, description: 'Products that it applies to.' })
  readonly productIds?: readonly string[] | null;

  @Field(() => [[String]], {
    nullable: true,
    description: 'Categories that it applies to, each from the root down: `["Home", "Kitchen"]`.',
  })
  readonly categories?: readonly (readonly string[])[] | null;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Cost of one redemption for the shop besides the discount, in minor units.',
  })
  readonly costMinor?: number | null;
}

/** What both creation and change accept. */
@InputType({ description: 'Fields of a campaign.' })
class CampaignFieldsInput {
  @Field(() => safeIntScalar, {
    nullable: true,
    description: "Budget, in minor units of the shop's currency; at least the cost of one contact.",
  })
  readonly budgetMinor?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the audience in the hold-out group, 0 to 0.9. A launch requires one above 0. By default 0.1.',
  })
  readonly holdoutRate?: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the campaign starts.' })
  readonly startsAt?: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the campaign ends.' })
  readonly endsAt?: number | null;

  @Field(() => FrequencyCapInput, {
    nullable: true,
    description: 'A cap stricter than that of the shop, which always holds. Null for none.',
  })
  readonly frequencyCap?: FrequencyCapInput | null;

  @Field(() => QuietHoursInput, {
    nullable: true,
    description: 'Quiet hours besides those of the shop, which always hold. Null for none.',
  })
  readonly quietHours?: QuietHoursInput | null;

  @Field(() => [SendingWindowInput], {
    nullable: true,
    description: 'When contacts may be made. Null or empty: at any time outside quiet hours.',
  })
  readonly sendingWindows?: readonly SendingWindowInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of days after a contact in which an event may be attributed to it, 1 to 365. Null: as the shop says.',
  })
  readonly attributionWindowDays?: number | null;

  @Field(() => [CampaignOfferInput], {
    nullable: true,
    description: 'All offers of the campaign. Null or empty for none.',
  })
  readonly offers?: readonly CampaignOfferInput[] | null;

  @Field(() => CampaignAudienceInput, {
    nullable: true,
    description: 'Whom it may address. Null: the model chooses.',
  })
  readonly audience?: CampaignAudienceInput | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether to return the campaign as it would be, and write nothing.',
  })
  readonly preview!: boolean;
}

/** A campaign to create. */
@InputType({ description: 'A campaign to create, as a draft.' })
export class CampaignCreateInput extends CampaignFieldsInput {
  @Field(() => ID, {
    nullable: true,
    description: "Id in the shop's own system, 1 to 256 characters. Without it, one is made.",
  })
  readonly campaignId?: string | null;

  @Field(() => String, { description: 'Display name, 1 to 200 characters.' })
  readonly name!: string;

  @Field(() => campaignObjectiveEnum, { description: 'What it is to bring.' })
  readonly objective!: CampaignObjective;

  @Field(() => [ChannelCostInput], { description: 'Channels that it may use, at least one.' })
  readonly channels!: readonly ChannelCostInput[];
}

/** Changes to a campaign. */
@InputType({
  description:
    'Changes to a campaign. Absent fields stay as they are; null resets a field. When one is refused, none is changed.',
})
export class CampaignUpdateInput extends CampaignFieldsInput {
  @Field(() => ID, { description: '`campaignId` of the campaign.' })
  readonly campaignId!: string;

  @Field(() => Int, {
    description:
      '`version` that you have read. When somebody has changed the campaign since, nothing is changed.',
  })
  readonly version!: number;

  @Field(() => String, { nullable: true, description: 'Display name, 1 to 200 characters.' })
  readonly name?: string | null;

  @Field(() => campaignObjectiveEnum, { nullable: true, description: 'What it is to bring.' })
  readonly objective?: CampaignObjective | null;

  @Field(() => [ChannelCostInput], {
    nullable: true,
    description: 'All channels that it may use, at least one.',
  })
  readonly channels?: readonly ChannelCostInput[] | null;
}

/** A campaign to move to another status. */
@InputType({ description: 'A campaign to move to another status.' })
export class CampaignStepInput {
  @Field(() => ID, { description: '`campaignId` of the campaign.' })
  readonly campaignId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      '`version` that you have read. Without it, the step is taken whoever changed the campaign meanwhile.',
  })
  readonly version?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether to return the campaign as it would be, and write nothing.',
  })
  readonly preview!: boolean;
}

const defaultHoldoutRate = 0.1;

/** Values of fields that are null or, in a new campaign, absent. */
const unset = {
  budgetMinor: null,
  holdoutRate: defaultHoldoutRate,
  startsAt: null,
  endsAt: null,
  frequencyCap: null,
  quietHours: null,
  sendingWindows: [],
  attributionWindowDays: null,
  audience: { by: 'MODEL' },
  offers: [],
} as const satisfies CampaignChange;

/** All fields of a new campaign that its input may leave out. */
export const unsetFields: typeof unset = unset;

const toOffer = (
  { offerId, productIds, categories, ...given }: CampaignOfferInput,
  campaignId: CampaignId,
  newId: () => string,
): Offer => ({
  id: offerId ?? newId(),
  campaignId,
  kind: given.kind,
  title: given.title.trim(),
  discountRate: given.discountRate ?? null,
  discountMinor: given.discountMinor ?? null,
  points: given.points ?? null,
  productIds: (productIds ?? []).map(toProductId),
  categories: (categories ?? []).map(levels => [...levels]),
  costMinor: given.costMinor ?? null,
});

/** The change that an input describes, unchecked, or why its form is wrong. */
export type ReadChange =
  | { readonly change: CampaignChange; readonly problems: readonly [] }
  | { readonly change: null; readonly problems: readonly InputProblem[] };

const plain = <Value extends object>(value: Value): Value => ({ ...value });

/** Converts nested inputs to plain values, and absent or null ones to those of {@link unset}. */
function valuesOf(
  input: CampaignCreateInput | CampaignUpdateInput,
  campaignId: CampaignId,
  newId: () => string,
): CampaignChange {
  const { name, objective, channels, frequencyCap, quietHours, sendingWindows, offers } = input;
  return {
    ...(name != null && { name: name.trim() }),
    ...(objective != null && { objective }),
    ...(channels != null && { channels: channels.map(plain) }),
    budgetMinor: input.budgetMinor ?? unset.budgetMinor,
    holdoutRate: input.holdoutRate ?? unset.holdoutRate,
    startsAt: input.startsAt ?? unset.startsAt,
    endsAt: input.endsAt ?? unset.endsAt,
    frequencyCap: frequencyCap ? plain(frequencyCap) : unset.frequencyCap,
    quietHours: quietHours ? plain(quietHours) : unset.quietHours,
    sendingWindows: (sendingWindows ?? unset.sendingWindows).map(plain),
    attributionWindowDays: input.attributionWindowDays ?? unset.attributionWindowDays,
    offers: (offers ?? unset.offers).map(offer => toOffer(offer, campaignId, newId)),
  };
}

/** Reads the fields that an input names. */
export function readChange(
  input: CampaignCreateInput | CampaignUpdateInput,
  campaignId: CampaignId,
  newId: () => string,
): ReadChange {
  const given = input.audience
    ? readAudience(input.audience)
    : { audience: unset.audience, problems: [] as const };
  if (given.audience === null) return { change: null, problems: given.problems };
  const values = { ...valuesOf(input, campaignId, newId), audience: given.audience };
  const isNamed = (name: string): boolean => input[name as keyof typeof input] !== undefined;
  return {
    change: Object.fromEntries(Object.entries(values).filter(([name]) => isNamed(name))),
    problems: [],
  };
}
