import { Field, ID, InputType } from 'type-graphql';
import { maxIdLength } from '../../domain/ids';
import type { UserError } from '../errors/userError.type';

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

/** Returns what is wrong with the ids, or null. */
export function checkIdentifyInput({ anonymousId, userId }: UserIdentifyInput): UserError | null {
  const invalid = Object.entries({ anonymousId, userId }).find(
    ([, id]) => id === '' || id.length > maxIdLength || id.includes('\0'),
  );
  if (invalid === undefined) return null;
  const [name, { length }] = invalid;
  const message = `Expected an id of 1 to ${maxIdLength} characters without NUL; got ${length} characters. Correct ${name}.`;
  return { field: ['input', name], message, code: 'INVALID' };
}
