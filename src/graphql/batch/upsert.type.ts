import { Field, ID, Int, ObjectType } from 'type-graphql';
import { UserError } from '../errors/userError.type';
import { type UpsertStatus, upsertStatusEnum } from './batch.enums';

/** Outcome of one row of an upsert. */
@ObjectType({ simpleResolvers: true, description: 'Outcome of one row of an upsert.' })
export class UpsertResult {
  @Field(() => Int, { description: 'Position in the call, starting at 0.' })
  readonly index!: number;

  @Field(() => ID, {
    description: "Id in the shop's own system, as it was sent. Empty when the row has no readable id.",
  })
  readonly rowId!: string;

  @Field(() => upsertStatusEnum, { description: 'Outcome.' })
  readonly status!: UpsertStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Machine-readable reason of the rejection: a code of docs/import.md, or BATCH_REJECTED.',
  })
  readonly code!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Human-readable reason of the rejection: what was expected, what was received, and how to correct it.',
  })
  readonly message!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The invalid field. Null or empty when the reason is not about one field.',
  })
  readonly field!: string | null;
}

/** Result of an upsert. */
@ObjectType({
  simpleResolvers: true,
  description: 'Result of an upsert. The created and updated rows are committed.',
})
export class UpsertPayload {
  @Field(() => Int, { description: 'Number of new rows.' })
  readonly created!: number;

  @Field(() => Int, { description: 'Number of rows that existed before.' })
  readonly updated!: number;

  @Field(() => Int, { description: 'Number of rows that were not stored.' })
  readonly rejected!: number;

  @Field(() => [UpsertResult], { description: 'One result per row, in the order of the call.' })
  readonly results!: readonly UpsertResult[];

  @Field(() => [UserError], { description: 'Why nothing was stored. Empty when something was.' })
  readonly userErrors!: readonly UserError[];
}
