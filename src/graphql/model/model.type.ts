import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ArtifactRecord } from '../../store/ports/artifact';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';

/** A trained model, described. */
@ObjectType({ simpleResolvers: true, description: 'A trained model: one version of it.' })
export class ModelArtifact {
  @Field(() => ID, { description: 'Id of the artifact.' })
  readonly artifactId!: string;

  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => String, { description: 'Version; sorts by age.' })
  readonly version!: string;

  @Field(() => String, { description: 'Digest of the data it was trained on.' })
  readonly snapshotDigest!: string;

  @Field(() => String, { description: 'Hex SHA-256 of its bytes.' })
  readonly checksum!: string;

  @Field(() => Int, { description: 'Size in bytes.' })
  readonly byteLength!: number;

  @Field(() => jsonObjectScalar, { description: 'Settings it was trained with.' })
  readonly config!: Readonly<Record<string, string | number | boolean>>;

  @Field(() => jsonObjectScalar, { description: 'What it scored on held-out data, by metric.' })
  readonly metrics!: Readonly<Record<string, number>>;

  @Field(() => Boolean, { description: 'Whether this version serves.' })
  readonly isLive!: boolean;

  @Field(() => dateTimeScalar, { description: 'When it was trained.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description: 'When it was published; null when it never was.',
  })
  readonly publishedAt!: number | null;
}

/** Pages of artifacts. */
export const { Connection: ModelArtifactConnection } = connectionTypes(
  'ModelArtifact',
  () => ModelArtifact,
  'trained model',
);

/** Whether a model serves in this gateway. */
@ObjectType({ simpleResolvers: true, description: 'Whether a model serves in this gateway, for this shop.' })
export class ModelReadiness {
  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => Boolean, { description: 'Whether a version of it is loaded and serves.' })
  readonly isReady!: boolean;

  @Field(() => String, { nullable: true, description: 'The version that serves; null when none does.' })
  readonly version!: string | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When that version was published.' })
  readonly publishedAt!: number | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: 'What it scored on held-out data, by metric.',
  })
  readonly metrics!: Readonly<Record<string, number>> | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why its newest version does not serve, as a code of docs/errors.md; null when it does.',
  })
  readonly refused!: string | null;
}

/** What the schema shows of an artifact. */
export function toModelArtifactView(record: ArtifactRecord): ModelArtifact {
  const { shopId: _, id, ...rest } = record;
  return { ...rest, artifactId: id };
}
