import { Field, ID, ObjectType } from 'type-graphql';
import type { Role } from '../../domain/role';
import type { ApiKeyRecord } from '../../store/ports/apiKey';
import { roleEnum } from '../access/role.enums';
import { dateTimeScalar } from '../scalars/dateTime';

/** A key for a server. */
@ObjectType('ApiKey', {
  simpleResolvers: true,
  description: 'A key for a server. Its secret is shown once, when it is made.',
})
export class ApiKeyType {
  @Field(() => ID, { description: 'Id of the key: its middle part.' })
  readonly keyId!: string;

  @Field(() => String, { description: 'What it is for.' })
  readonly label!: string;

  @Field(() => roleEnum, { description: 'What it may do.' })
  readonly role!: Role;

  @Field(() => dateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it ends; null for never.' })
  readonly expiresAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it was revoked; null while it is good.' })
  readonly revokedAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it was last used, to the minute.' })
  readonly lastUsedAt!: number | null;
}

/** What the schema shows of a key: never its hash. */
export function toApiKeyView(record: ApiKeyRecord): ApiKeyType {
  const { shopId: _, secretHash: __, id, ...rest } = record;
  return { ...rest, keyId: id };
}
