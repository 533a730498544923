import { Field, ID, ObjectType } from 'type-graphql';
import type { Role } from '../../domain/role';
import type { ApiKeyRecord } from '../../store/ports/apiKey';
import { roleEnum } from '../access/role.enums';
import { dateTimeScalar } from '../scalars/dateTime';

/** An API key for a server. */
@ObjectType('ApiKey', {
  simpleResolvers: true,
  description: 'An API key for a server. Its secret is shown once, when the key is created.',
})
export class ApiKeyType {
  @Field(() => ID, { description: 'Id of the key: the middle part of its text.' })
  readonly keyId!: string;

  @Field(() => String, { description: 'What the key is used for.' })
  readonly label!: string;

  @Field(() => roleEnum, { description: 'Role of the key.' })
  readonly role!: Role;

  @Field(() => dateTimeScalar, { description: 'When the key was created.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the key expires. Null when it never expires.',
  })
  readonly expiresAt!: number | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the key was revoked. Null when it is not revoked.',
  })
  readonly revokedAt!: number | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the key was last used, to the minute. Null when it was never used.',
  })
  readonly lastUsedAt!: number | null;
}

/** Converts a stored key to its GraphQL type, without the hash of its secret. */
export function toApiKeyView(record: ApiKeyRecord): ApiKeyType {
  const { shopId: _, secretHash: __, id, ...rest } = record;
  return { ...rest, keyId: id };
}
