import { Field, ID, ObjectType } from 'type-graphql';
import type { TrainingRunRecord, TrainingStatus } from '../../store/ports/trainingRun';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { jsonObjectScalar } from '../scalars/jsonObject';
import { safeIntScalar } from '../scalars/safeInt';
import { trainingStatusEnum } from './training.enums';

/** A run that trains one model of the shop. */
@ObjectType('TrainingRun', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A run that trains one model of the shop.',
})
export class TrainingRunType extends NodeType {
  @Field(() => ID, { description: 'Id of the run.' })
  readonly runId!: string;

  @Field(() => String, { description: 'Name of the model.' })
  readonly model!: string;

  @Field(() => trainingStatusEnum, { description: 'Status of the run.' })
  readonly status!: TrainingStatus;

  @Field(() => safeIntScalar, {
    description: 'Seed of the random numbers. The same seed and data produce the same model.',
  })
  readonly seed!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Digest of the training data. Null until the data is read.',
  })
  readonly snapshotDigest!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the artifact that the run produced. Null when it has produced none.',
  })
  readonly artifactId!: string | null;

  @Field(() => jsonObjectScalar, {
    nullable: true,
    description: 'Metrics on held-out data, by name.',
  })
  readonly metrics!: Readonly<Record<string, number>> | null;

  @Field(() => String, { nullable: true, description: 'Why the run was rejected or failed. Null otherwise.' })
  readonly reason!: string | null;

  @Field(() => dateTimeScalar, { description: 'When the run was queued.' })
  readonly queuedAt!: number;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When a worker started the run.' })
  readonly startedAt!: number | null;

  @Field(() => dateTimeScalar, { nullable: true, description: 'When the run ended.' })
  readonly finishedAt!: number | null;
}

/** Connection of training runs. */
export const { Connection: TrainingRunConnection } = connectionTypes(
  'TrainingRun',
  () => TrainingRunType,
  'training run',
);

/** Converts a training run to its GraphQL type. */
export function toTrainingRunView(run: TrainingRunRecord): TrainingRunType {
  const { shopId: _, id, ...rest } = run;
  return { ...rest, __typename: 'TrainingRun', id: toGlobalId('TrainingRun', id), runId: id };
}
