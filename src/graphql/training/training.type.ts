import { Field, ID, ObjectType } from 'type-graphql';
import type { TrainingRunRecord, TrainingStatus } from '../../store/ports/trainingRun';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';
import { trainingStatusEnum } from './training.enums';

/** A training run. */
@ObjectType('TrainingRun', { implements: NodeType, simpleResolvers: true, description: 'A training run.' })
export class TrainingRunType extends NodeType {
  @Field(() => ID, { description: 'Id of the run.' })
  readonly runId!: string;

  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => trainingStatusEnum, { description: 'How far it is.' })
  readonly status!: TrainingStatus;

  @Field(() => safeIntScalar, {
    description: 'Seed of its random numbers: the same seed and data make the same model.',
  })
  readonly seed!: number;

  @Field(() => String, { nullable: true, description: 'Digest of the data it was trained on; null before.' })
  readonly snapshotDigest!: string | null;

  @Field(() => ID, { nullable: true, description: 'What it made; null while it has made nothing.' })
  readonly artifactId!: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: 'What it scored on held-out data, by metric.',
  })
  readonly metrics!: Readonly<Record<string, number>> | null;

  @Field(() => String, { nullable: true, description: 'Why it was rejected or failed.' })
  readonly reason!: string | null;

  @Field(() => dateTimeScalar, { description: 'When it was asked for.' })
  readonly queuedAt!: number;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When a worker began.' })
  readonly startedAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When it ended.' })
  readonly finishedAt!: number | null;
}

/** Pages of runs. */
export const { Connection: TrainingRunConnection } = connectionTypes(
  'TrainingRun',
  () => TrainingRunType,
  'training run',
);

/** What the schema shows of a run. */
export function toTrainingRunView(run: TrainingRunRecord): TrainingRunType {
  const { shopId: _, id, ...rest } = run;
  return { ...rest, __typename: 'TrainingRun', id: toGlobalId('TrainingRun', id), runId: id };
}
