import { Field, ID, InputType } from 'type-graphql';

/** A visitor, and the shopper who signed in. */
@InputType({ description: 'A visitor, and the shopper who signed in.' })
export class UserIdentifyInput {
  @Field(() => ID, {
    description: 'The id under which the events of the visitor were sent before the shopper signed in.',
  })
  readonly anonymousId!: string;

  @Field(() => ID, { description: "Id of the shopper in the shop's own system." })
  readonly userId!: string;
}
