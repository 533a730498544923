import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ArtifactRecord } from '../../store/ports/artifact';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** One version of a trained model. */
@ObjectType({ simpleResolvers: true, description: 'One version of a trained model.' })
export class ModelArtifact {
  @Field(() => ID, { description: 'Id of the artifact.' })
  readonly artifactId!: string;

  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => String, { description: 'Version. Versions sort by age.' })
  readonly version!: string;

  @Field(() => String, { description: 'Digest of the training data.' })
  readonly snapshotDigest!: string;

  @Field(() => String, { description: 'SHA-256 of the artifact, in hexadecimal.' })
  readonly checksum!: string;

  @Field(() => Int, { description: 'Size in bytes.' })
  readonly byteLength!: number;

  @Field(() => jsonObjectScalar, { description: 'Settings of the training.' })
  readonly config!: Readonly<Record<string, string | number | boolean>>;

  @Field(() => jsonObjectScalar, { description: 'Metrics on held-out data, by name.' })
  readonly metrics!: Readonly<Record<string, number>>;

  @Field(() => Boolean, { description: 'Whether this version is published.' })
  readonly isLive!: boolean;

  @Field(() => dateTimeScalar, { description: 'When the version was trained.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When the version was published. Null when it never was.',
  })
  readonly publishedAt!: number | null;
}

/** Connection of trained models. */
export const { Connection: ModelArtifactConnection } = connectionTypes(
  'ModelArtifact',
  () => ModelArtifact,
  'trained model',
);

/** Whether a model serves this shop in this gateway. */
@ObjectType({ simpleResolvers: true, description: 'Whether a model serves this shop in this gateway.' })
export class ModelReadiness {
  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => Boolean, { description: 'Whether a version of the model is loaded and serves.' })
  readonly isReady!: boolean;

  @Field(() => String, { nullable: true, description: 'The version that serves. Null when none does.' })
  readonly version!: string | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When that version was published. Null when none serves.',
  })
  readonly publishedAt!: number | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: 'Metrics on held-out data, by name.',
  })
  readonly metrics!: Readonly<Record<string, number>> | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the newest version does not serve, as a code of docs/errors.md. Null when it serves.',
  })
  readonly refused!: string | null;
}

/** Converts an artifact record to its GraphQL type. */
export function toModelArtifactView(record: ArtifactRecord): ModelArtifact {
  const { shopId: _, id, ...rest } = record;
  return { ...rest, artifactId: id };
}
