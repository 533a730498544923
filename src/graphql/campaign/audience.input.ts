import { Field, Float, ID, InputType, Int } from 'type-graphql';
import {
  type Audience,
  type AudienceFilter,
  audienceConditions,
  type InputProblem,
  inputProblem,
} from '../../domain/audience';
import { toProductId } from '../../domain/ids';
import { type AudienceChoice, audienceChoiceEnum } from './campaign.enums';

@InputType({ description: 'Membership in an interest tag, or in one below it.' })
class InterestTagConditionInput {
  @Field(() => ID, { description: '`tagId` of the tag.' })
  readonly tagId!: string;

  @Field(() => Float, { nullable: true, description: 'Minimum weight, 0 to 1. By default 0.1.' })
  readonly minWeight?: number | null;
}

@InputType({ description: 'Products, or products of categories, that a shopper bought or viewed.' })
class ProductUseInput {
  @Field(() => [ID], { nullable: true, description: 'Any of these products.' })
  readonly productIds?: readonly string[] | null;

  @Field(() => [[String]], {
    nullable: true,
    description: 'Any product below one of these categories, each from the root down: `["Home", "Kitchen"]`.',
  })
  readonly categories?: readonly (readonly string[])[] | null;

  @Field(() => Int, { description: 'Within this number of days before now, 1 to 3650.' })
  readonly days!: number;
}

@InputType({ description: 'Number of orders of a shopper. Purchases of one instant are one order.' })
class OrderCountInput {
  @Field(() => Int, { description: 'Minimum number of orders, 1 to 10,000.' })
  readonly atLeast!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Within this number of days before now, 1 to 3650. Without it, ever.',
  })
  readonly days?: number | null;
}

@InputType({ description: 'Age of the latest order of a shopper. Shoppers without an order never match.' })
class LastOrderInput {
  @Field(() => Int, { nullable: true, description: 'Older than this number of days, 1 to 3650.' })
  readonly olderThanDays?: number | null;

  @Field(() => Int, { nullable: true, description: 'Newer than this number of days, 1 to 3650.' })
  readonly newerThanDays?: number | null;
}

@InputType({
  description:
    'Value of an attribute of a shopper. Give exactly one of the values; a list matches when it contains the value.',
})
class AttributeConditionInput {
  @Field(() => String, { description: 'Name of the attribute.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Value, when it is a text.' })
  readonly text?: string | null;

  @Field(() => Float, { nullable: true, description: 'Value, when it is a number.' })
  readonly number?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Value, when it is true or false.' })
  readonly boolean?: boolean | null;
}

@InputType({ description: 'Predicted probability of a response.' })
class PredictedResponseInput {
  @Field(() => Float, { description: 'Minimum probability, 0 to 1.' })
  readonly atLeast!: number;
}

/** A condition; a class of optional fields, because GraphQL of this version has no choice of inputs. */
@InputType({ description: 'A condition on a shopper. Give exactly one of its fields.' })
export class AudienceFilterInput {
  @Field(() => [AudienceFilterInput], { nullable: true, description: 'All of these conditions hold.' })
  readonly all?: readonly AudienceFilterInput[] | null;

  @Field(() => [AudienceFilterInput], {
    nullable: true,
    description: 'At least one of these conditions holds.',
  })
  readonly any?: readonly AudienceFilterInput[] | null;

  @Field(() => AudienceFilterInput, { nullable: true, description: 'This condition does not hold.' })
  readonly not?: AudienceFilterInput | null;

  @Field(() => InterestTagConditionInput, { nullable: true, description: 'Belongs to an interest tag.' })
  readonly interestTag?: InterestTagConditionInput | null;

  @Field(() => ProductUseInput, { nullable: true, description: 'Bought one of some products.' })
  readonly bought?: ProductUseInput | null;

  @Field(() => ProductUseInput, { nullable: true, description: 'Viewed one of some products.' })
  readonly viewed?: ProductUseInput | null;

  @Field(() => OrderCountInput, { nullable: true, description: 'Has a number of orders.' })
  readonly orders?: OrderCountInput | null;

  @Field(() => LastOrderInput, { nullable: true, description: 'The latest order has an age.' })
  readonly lastOrder?: LastOrderInput | null;

  @Field(() => AttributeConditionInput, { nullable: true, description: 'An attribute has a value.' })
  readonly attribute?: AttributeConditionInput | null;

  @Field(() => PredictedResponseInput, {
    nullable: true,
    description: 'The predicted response is likely enough. Needs a published model of responses.',
  })
  readonly predictedResponse?: PredictedResponseInput | null;
}

@InputType({ description: 'Whom a campaign may address, among the shoppers who may be contacted.' })
export class CampaignAudienceInput {
  @Field(() => audienceChoiceEnum, { description: 'How the audience is chosen.' })
  readonly by!: AudienceChoice;

  @Field(() => AudienceFilterInput, {
    nullable: true,
    description: 'The condition; required with FILTER only.',
  })
  readonly filter?: AudienceFilterInput | null;
}

/** Default of `interestTag.minWeight`, as for `InterestTag.audienceSize`. */
const defaultMinWeight = 0.1;
const maxNesting = 12;

type Read = { readonly filter: AudienceFilter | null; readonly problems: readonly InputProblem[] };
const filterOf = (filter: AudienceFilter): Read => ({ filter, problems: [] });
const refused = (...problems: readonly InputProblem[]): Read => ({ filter: null, problems });

const productUseOf = ({ productIds, categories, days }: ProductUseInput) => ({
  productIds: (productIds ?? []).map(toProductId),
  categories: (categories ?? []).map(levels => [...levels]),
  days,
});

function attributeOf(
  { name, text, number, boolean }: AttributeConditionInput,
  path: readonly string[],
): Read {
  const values = [text, number, boolean].filter(value => value !== undefined && value !== null);
  if (values.length === 1) return filterOf({ attribute: { name, equals: values[0] } });
  return refused(
    inputProblem(path, 'exactly one of `text`, `number` and `boolean`', values.length, 'Give one value.'),
  );
}

function leafOf(input: AudienceFilterInput, path: readonly string[]): Read {
  const { interestTag, bought, viewed, orders, lastOrder, attribute, predictedResponse } = input;
  if (interestTag) {
    const { tagId, minWeight } = interestTag;
    return filterOf({ interestTag: { tagId, minWeight: minWeight ?? defaultMinWeight } });
  }
  if (bought) return filterOf({ bought: productUseOf(bought) });
  if (viewed) return filterOf({ viewed: productUseOf(viewed) });
  if (orders) return filterOf({ orders: { atLeast: orders.atLeast, days: orders.days ?? null } });
  if (lastOrder) {
    const { olderThanDays = null, newerThanDays = null } = lastOrder;
    return filterOf({ lastOrder: { olderThanDays, newerThanDays } });
  }
  if (attribute) return attributeOf(attribute, path);
  return predictedResponse
    ? filterOf({ predictedResponse: { atLeast: predictedResponse.atLeast } })
    : refused();
}

function partsOf(
  parts: readonly AudienceFilterInput[],
  path: readonly string[],
  join: (filters: readonly AudienceFilter[]) => AudienceFilter,
): Read {
  const read = parts.map((part, place) => readFilter(part, [...path, String(place)]));
  const problems = read.flatMap(part => part.problems);
  return problems.length > 0
    ? refused(...problems)
    : filterOf(join(read.flatMap(({ filter }) => filter ?? [])));
}

function readFilter(input: AudienceFilterInput, path: readonly string[]): Read {
  const given = audienceConditions.filter(key => input[key] !== undefined && input[key] !== null);
  if (given.length !== 1) {
    const expected = `exactly one condition of ${audienceConditions.join(', ')}`;
    return refused(
      inputProblem(path, expected, given.join(', ') || 'none', 'Combine several in `all` or `any`.'),
    );
  }
  if (path.length > 2 * maxNesting)
    return refused(
      inputProblem(path, `at most ${maxNesting} levels`, 'more', 'Nest the conditions less deeply.'),
    );
  const here = [...path, given[0]];
  if (input.all) return partsOf(input.all, here, all => ({ all }));
  if (input.any) return partsOf(input.any, here, any => ({ any }));
  if (!input.not) return leafOf(input, here);
  const { filter, problems } = readFilter(input.not, here);
  return filter === null ? refused(...problems) : filterOf({ not: filter });
}

/** The audience that an input describes, or why there is none. Values are not checked. */
export type ReadAudience =
  | { readonly audience: Audience; readonly problems: readonly [] }
  | { readonly audience: null; readonly problems: readonly InputProblem[] };

/** Reads the form of an audience. */
export function readAudience({ by, filter: given }: CampaignAudienceInput): ReadAudience {
  const path = ['audience', 'filter'];
  if (by === 'MODEL') {
    if (given === undefined || given === null) return { audience: { by }, problems: [] };
    const problem = inputProblem(
      path,
      'no filter where the model chooses',
      'one',
      'Leave it out, or choose by FILTER.',
    );
    return { audience: null, problems: [problem] };
  }
  if (given === undefined || given === null)
    return {
      audience: null,
      problems: [inputProblem(path, 'a filter', 'none', 'Give one, or let the MODEL choose.')],
    };
  const { filter, problems } = readFilter(given, path);
  return filter === null ? { audience: null, problems } : { audience: { by, filter }, problems: [] };
}
