import { Field, ID, ObjectType } from 'type-graphql';
import type { AuditEntry } from '../../domain/auditEntry';
import type { Role } from '../../domain/role';
import type { JsonObject } from '../../intake/jsonObject';
import { roleEnum } from '../access/role.enums';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** The record of one change. */
@ObjectType('AuditEntry', {
  simpleResolvers: true,
  description: 'The record of one change: who, when, what. It is never changed.',
})
export class AuditEntryType {
  @Field(() => ID, { description: 'Id of the entry.' })
  readonly entryId!: string;

  @Field(() => String, { description: 'Name of the mutation, such as `campaignPause`.' })
  readonly action!: string;

  @Field(() => ID, {
    description: 'Id of the credential that made the change: of an API key, or of a token.',
  })
  readonly credentialId!: string;

  @Field(() => roleEnum, { description: 'Role of the credential.' })
  readonly role!: Role;

  @Field(() => dateTimeScalar, { description: 'When the change was made.' })
  readonly occurredAt!: number;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: 'The fields that changed, as they were. Values may be nested. Null when it was created.',
  })
  readonly before!: JsonObject | null;

  @Field(() => jsonObjectScalar, {
    description: 'The fields that changed, as they are since then. Values may be nested.',
  })
  readonly after!: JsonObject;
}

/** Connection of records of changes. */
export const { Connection: AuditEntryConnection } = connectionTypes(
  'AuditEntry',
  () => AuditEntryType,
  'audit entry',
);

/** Converts a record to its GraphQL type. */
export function toAuditEntryView(entry: AuditEntry): AuditEntryType {
  const { id, action, credentialId, role, occurredAt, before, after } = entry;
  return { entryId: id, action, credentialId, role, occurredAt, before, after };
}
