import { Field, ID, Int, ObjectType } from 'type-graphql';
import { UserError } from '../errors/userError.type';
import { type UpsertStatus, upsertStatusEnum } from './batch.enums';

/** What became of one row of an upsert. */
@ObjectType({ simpleResolvers: true, description: 'What became of one row of an upsert.' })
export class UpsertResult {
  @Field(() => Int, { description: 'Place in the call, from 0.' })
  readonly index!: number;

  @Field(() => ID, { description: "The shop's own id, as it came." })
  readonly rowId!: string;

  @Field(() => upsertStatusEnum, { description: 'What became of it.' })
  readonly status!: UpsertStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was rejected, for programs: a code of docs/import.md, or BATCH_REJECTED.',
  })
  readonly code!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was rejected, for people: what was expected, what came, and what would be right.',
  })
  readonly message!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The field that was wrong; null or empty for the whole.',
  })
  readonly field!: string | null;
}

/** What became of an upsert. */
@ObjectType({ simpleResolvers: true, description: 'What became of an upsert. What it counts is committed.' })
export class UpsertPayload {
  @Field(() => Int, { description: 'Rows that were new.' })
  readonly created!: number;

  @Field(() => Int, { description: 'Rows that were there before.' })
  readonly updated!: number;

  @Field(() => Int, { description: 'Rows that were not kept.' })
  readonly rejected!: number;

  @Field(() => [UpsertResult], { description: 'One for each row, in the order of the call.' })
  readonly results!: readonly UpsertResult[];

  @Field(() => [UserError], { description: 'Why nothing was kept, when nothing was.' })
  readonly userErrors!: readonly UserError[];
}
