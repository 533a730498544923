import { GatewayError } from '../domain/errors';
import { checkNeeds } from '../learning/needs';
import { preferencesOf } from '../snapshot/preferences';
import type { ArtifactRecord } from '../store/ports/artifact';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import { throwIfCancelled } from './cancelled';
import { defaultTrainingConfig, type TrainingConfig } from './config';
import { type Learner, type Published, shares, type Trainable, type TrainingOptions } from './learner';
import { figuresOf, isSameTraining, publishArtifact } from './publishArtifact';
import { readLive } from './readLive';
import { readSnapshot } from './readSnapshot';

/** How a run ended. */
type Outcome = Pick<TrainingRunRecord, 'status' | 'reason'> &
  Partial<Pick<TrainingRunRecord, 'snapshotDigest' | 'artifactId' | 'metrics'>>;

interface Run {
  readonly options: TrainingOptions;
  readonly card: Trainable['card'];
  readonly learner: Learner;
  readonly config: TrainingConfig;
}

/** @throws {GatewayError} BAD_USER_INPUT on a name that is neither a model nor an insight */
function startRun(options: TrainingOptions): Run {
  const config = { ...defaultTrainingConfig, ...options.config };
  const { card, learner } = options.loadTrainable(options.job.model);
  return { options, card, learner: learner(options, config), config };
}

/** Saves the rows of the live artifact again: an earlier run may have ended between publishing it and saving them. */
async function followUpAgain(
  { options: { stores }, learner: { afterPublish } }: Run,
  record: ArtifactRecord,
  from: Pick<Published, 'snapshot' | 'readAt'>,
): Promise<void> {
  if (afterPublish === undefined) return;
  const artifact = await readLive(stores.artifacts, record, live => live);
  if (artifact !== null) await afterPublish({ record, artifact, ...from });
}

/** Returns whether gateways can load an artifact: a damaged one is trained again, though nothing changed. */
const isUsable = async ({ options, learner }: Run, record: ArtifactRecord): Promise<boolean> =>
  (await readLive(options.stores.artifacts, record, artifact => ({ loaded: learner.load(artifact) }))) !==
  null;

/** Runs everything but the run's record. @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED, UNAVAILABLE */
async function trainAndPublish(run: Run): Promise<Outcome> {
  const { options, card, learner, config } = run;
  const { stores, job, clock, newId, signal, onProgress } = options;
  const { shopId, seed } = job;
  const { settings } = learner;
  const { readAt = clock() } = options;
  const read = options.readSnapshot ?? (() => readSnapshot(stores, shopId, readAt, signal));
  const snapshot = await read();
  onProgress(shares.read);
  const { digest: snapshotDigest } = snapshot;
  checkNeeds(card, snapshot, preferencesOf(snapshot));
  const live = (await stores.artifacts.liveOf(shopId)).find(({ model: name }) => name === job.model);
  if (
    live !== undefined &&
    isSameTraining(live, snapshotDigest, seed, settings) &&
    (await isUsable(run, live))
  ) {
    const { id: artifactId, metrics } = live;
    await followUpAgain(run, live, { snapshot, readAt });
    const reason =
      'Nothing new: the live artifact was made of the same events and products with the same seed and settings.';
    return { status: 'PUBLISHED', reason, snapshotDigest, artifactId, metrics };
  }
  const trial = await learner.tryOut(snapshot, live);
  const { reason } = trial.verdict;
  const metrics = figuresOf(trial.metrics);
  if (!trial.verdict.passed) return { status: 'REJECTED', reason, snapshotDigest, metrics };
  const artifact = await trial.finish();
  throwIfCancelled(signal);
  const now = clock();
  const record = await publishArtifact(stores.artifacts, {
    shopId,
    id: newId(now),
    artifact,
    settings,
    metrics: trial.metrics,
    now,
    kept: config.keptArtifacts,
  });
  await learner.afterPublish?.({ record, artifact, snapshot, readAt });
  return { status: 'PUBLISHED', reason, snapshotDigest, artifactId: record.id, metrics };
}

/** Returns the outcome of an error. Messages of foreseen failures hold no personal data; of other errors only the kind is kept. */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof GatewayError)) {
    const kind = error instanceof Error ? error.name : typeof error;
    return {
      status: 'FAILED',
      reason: `Expected to train to the end; got ${kind}. See the worker's log for details.`,
    };
  }
  const reason = `${error.code}: ${error.message}`;
  if (error.code === 'CANCELLED') return { status: 'CANCELLED', reason };
  return { status: error.code === 'TRAINING_DATA_INSUFFICIENT' ? 'REJECTED' : 'FAILED', reason };
}

const unfinished = { snapshotDigest: null, artifactId: null, metrics: null, reason: null, finishedAt: null };

/** Saves the queued run, or a new one for a job without a record, as running. */
async function begin({ stores, job, clock }: TrainingOptions): Promise<TrainingRunRecord> {
  const { shopId, runId, model, seed } = job;
  const now = clock();
  const queuedAt = (await stores.trainingRuns.find(shopId, runId))?.queuedAt ?? now;
  const run = { shopId, id: runId, model, seed, ...unfinished, queuedAt, startedAt: now };
  const running: TrainingRunRecord = { ...run, status: 'RUNNING' };
  await stores.trainingRuns.save(running);
  return running;
}

/**
 * Runs a job to its end: snapshot, train and measure, gate, publish. A model is measured on held-out events, beside the
 * baseline and the live artifact; an insight measures itself. Nothing is published when events, texts, products, seed and
 * settings are those of the live artifact. Temporary data exist only in memory and only during the run.
 *
 * @returns the run's record, saved: PUBLISHED, REJECTED (too little data, or refused by the gate), CANCELLED, or FAILED
 * (a foreseen failure)
 * @throws any other error, after recording FAILED; UNAVAILABLE when that cannot be recorded either
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingRunRecord> {
  const { stores, clock, onProgress } = options;
  const running = await begin(options);
  const finish = async (outcome: Outcome): Promise<TrainingRunRecord> => {
    const finished = { ...running, ...outcome, finishedAt: clock() };
    await stores.trainingRuns.save(finished);
    return finished;
  };
  try {
    const outcome = await trainAndPublish(startRun(options));
    onProgress(1);
    return await finish(outcome);
  } catch (error) {
    const failed = await finish(outcomeOf(error));
    if (error instanceof GatewayError) return failed;
    throw error;
  }
}
