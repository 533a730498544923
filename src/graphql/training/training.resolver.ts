import { Arg, Args, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { queueRun } from '../../store/ports/queueRun';
import type { TrainingRunRecord } from '../../store/ports/trainingRun';
import { UserError } from '../errors/userError.type';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { safeIntScalar } from '../scalars/safeInt';
import { TrainingRunConnection, TrainingRunType, toTrainingRunView } from './training.type';

/** What to train. */
@InputType({ description: 'What to train.' })
class TrainingStartInput {
  @Field(() => String, { description: 'Name of the model. `modelReadiness` lists the models.' })
  readonly model!: string;

  @Field(() => safeIntScalar, {
    nullable: true,
    description: 'Seed of the random numbers, 0 to 4294967295. If omitted, 1.',
  })
  readonly seed?: number | null;
}

/** Result of starting a training run. */
@ObjectType({ simpleResolvers: true, description: 'Result of starting a training run.' })
class TrainingStartPayload {
  @Field(() => TrainingRunType, {
    nullable: true,
    description: 'The queued run. Null when the request was refused.',
  })
  readonly trainingRun!: TrainingRunType | null;

  @Field(() => [UserError], { description: 'Why the request was refused. Empty when it was not.' })
  readonly userErrors!: readonly UserError[];
}

const refused = (userError: UserError): TrainingStartPayload => ({
  trainingRun: null,
  userErrors: [userError],
});

function checkStart(input: TrainingStartInput, known: readonly string[]): UserError | null {
  if (!known.includes(input.model)) {
    const message = `Expected one of ${known.join(', ')}; got another name. Correct it.`;
    return { field: ['input', 'model'], message, code: 'UNKNOWN_MODEL' };
  }
  const seed = input.seed ?? 1;
  if (seed >= 0 && seed <= 0xffffffff) return null;
  return {
    field: ['input', 'seed'],
    message: `Expected 0 to 4294967295; got ${seed}. Correct it.`,
    code: 'INVALID',
  };
}

async function startRun(input: TrainingStartInput, context: GraphqlContext): Promise<TrainingRunRecord> {
  const { services, principal, now } = context;
  const { stores, trainingQueue, reports } = services;
  const { model } = input;
  const job = { shopId: principal.shopId, runId: services.newId(), model, seed: input.seed ?? 1 };
  const run = await queueRun(stores.trainingRuns, trainingQueue, job, now);
  reports.trainingQueued(model);
  return run;
}

/** Resolvers of training runs. */
@Resolver(() => TrainingRunType)
export class TrainingResolver {
  @Query(() => TrainingRunConnection, { description: 'Training runs of the shop, newest first.' })
  async trainingRuns(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<TrainingRunType>> {
    const request = pageRequest('trainingRuns', args);
    return toConnection({
      kind: 'trainingRuns',
      page: await services.stores.trainingRuns.page(principal.shopId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ queuedAt, id }) => ({ at: queuedAt, id }),
      nodeOf: toTrainingRunView,
    });
  }

  @Mutation(() => TrainingStartPayload, {
    description: 'Queues a training run for a worker. `trainingRuns` shows its status.',
  })
  async trainingStart(
    @Arg('input', () => TrainingStartInput, { description: 'What to train.' }) input: TrainingStartInput,
    @Ctx() context: GraphqlContext,
  ): Promise<TrainingStartPayload> {
    const problem = checkStart(input, context.services.modelNames);
    if (problem !== null) return refused(problem);
    return { trainingRun: toTrainingRunView(await startRun(input, context)), userErrors: [] };
  }
}
