import type { Artifact } from '../artifact/artifact';
import { decodeArtifact } from '../artifact/decode';
import { GatewayError } from '../domain/errors';
import { checkNeeds } from '../models/guards';
import type { Model, Scorer } from '../models/model';
import type { ThreadPool } from '../numeric/threadPool';
import { preferencesOf } from '../snapshot/preferences';
import type { Snapshot } from '../snapshot/snapshot';
import type { ArtifactRecord, Stores, TrainingJob, TrainingRunRecord } from '../store/ports';
import { type Assessment, assess } from './assess';
import { throwIfCancelled } from './cancelled';
import { chooseHeldOut } from './chooseHeldOut';
import { defaultTrainingConfig, type TrainingConfig } from './config';
import { isSameSettings, isSameTraining, publishArtifact } from './publishArtifact';
import { readSnapshot } from './readSnapshot';

/** What a training run needs. */
export interface TrainingOptions {
  readonly stores: Pick<Stores, 'interactions' | 'products' | 'artifacts' | 'trainingRuns'>;
  /** The model of a name (models/registry `modelByName`). @throws {GatewayError} BAD_USER_INPUT */
  readonly loadModel: (name: string) => Model;
  readonly job: TrainingJob;
  readonly threads: ThreadPool;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A UUIDv7 for an artifact made at `now`. */
  readonly newId: (now: number) => string;
  /** Share of the work done, 0-1, never falling. */
  readonly onProgress: (share: number) => void;
  /** When it aborts, the run ends as CANCELLED at its next step; what is being published is published. */
  readonly signal: AbortSignal;
  /** Reads the shop's events and products; by default from the store. Runs of several models may share one reading. */
  readonly readSnapshot?: () => Promise<Snapshot>;
  /** What differs from {@link defaultTrainingConfig}. */
  readonly config?: Partial<TrainingConfig>;
}

/** Where the shares of the work end: read, trained to be measured, measured, trained on everything. */
const shares = { read: 0.1, candidate: 0.45, assessed: 0.6, final: 0.97 } as const;

/** How a run ended. */
type Outcome = Pick<TrainingRunRecord, 'status' | 'reason'> &
  Partial<Pick<TrainingRunRecord, 'snapshotDigest' | 'artifactId' | 'metrics'>>;

/** What serves now, as it was trained and ready to score. */
interface Live {
  readonly artifact: Artifact;
  readonly scorer: Scorer;
  /** The artifact, if it was made with the settings of this run: only then may a training start from it. */
  readonly start: Artifact | undefined;
}

interface Run {
  readonly options: TrainingOptions;
  readonly model: Model;
  readonly config: TrainingConfig;
}

async function train(
  { options, model }: Run,
  snapshot: Snapshot,
  [from, to]: readonly [number, number],
  previous?: Artifact,
): Promise<Artifact> {
  const { job, threads, signal, onProgress } = options;
  throwIfCancelled(signal);
  return await model.train(snapshot, {
    seed: job.seed,
    threads,
    signal,
    ...(previous && { previous }),
    onProgress: (done, total) => onProgress(from + (to - from) * (total > 0 ? Math.min(1, done / total) : 1)),
  });
}

/** What serves now, or null when nothing does or it does not read: a damaged artifact must not stop its successor. */
async function loadLive({ options, model }: Run, record: ArtifactRecord | undefined): Promise<Live | null> {
  if (record === undefined) return null;
  try {
    const artifact = await decodeArtifact(await options.stores.artifacts.read(record));
    const start = isSameSettings(record, model.settings) ? artifact : undefined;
    return { artifact, scorer: model.load(artifact), start };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED') return null;
    throw error;
  }
}

/**
 * Trains on the part that is not held out, and measures beside the baseline and what is live. The candidate starts from
 * what is live only where that has seen nothing of what is held out.
 */
async function tryOut(run: Run, snapshot: Snapshot, live: Live | null): Promise<Assessment> {
  const { options, model, config } = run;
  const chosen = await chooseHeldOut(snapshot, live?.artifact.header.asOf ?? null, config);
  const previous = chosen.isFairToLive ? live?.start : undefined;
  const candidate = await train(run, chosen.split.train, [shares.read, shares.candidate], previous);
  const baseline = options.loadModel(config.baseline);
  const silent = { ...options, onProgress: () => undefined };
  const floor = await train({ ...run, options: silent, model: baseline }, chosen.split.train, [0, 0]);
  const contenders = {
    card: model.card,
    candidate: model.load(candidate),
    baseline: baseline.load(floor),
    live: live?.scorer ?? null,
  };
  const { measuredUsers } = config;
  const assessment = await assess(contenders, chosen, { measuredUsers, signal: options.signal });
  options.onProgress(shares.assessed);
  return { ...assessment, metrics: { ...assessment.metrics, events: snapshot.events.length } };
}

/** All of a run but its record. @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED, UNAVAILABLE */
async function trainAndPublish(run: Run): Promise<Outcome> {
  const { options, model, config } = run;
  const { stores, job, clock, newId, signal, onProgress } = options;
  const { shopId, seed } = job;
  const read = options.readSnapshot ?? (() => readSnapshot(stores, shopId, clock(), signal));
  const snapshot = await read();
  onProgress(shares.read);
  const { digest: snapshotDigest } = snapshot;
  checkNeeds(model.card, snapshot, preferencesOf(snapshot));
  const liveRecord = (await stores.artifacts.liveOf(shopId)).find(({ model: name }) => name === job.model);
  if (liveRecord !== undefined && isSameTraining(liveRecord, snapshotDigest, seed, model.settings)) {
    const { id: artifactId, metrics } = liveRecord;
    const reason =
      'Nothing new: the live artifact was made of the same events and products with the same seed and settings.';
    return { status: 'PUBLISHED', reason, snapshotDigest, artifactId, metrics };
  }
  const live = await loadLive(run, liveRecord);
  const { verdict, metrics } = await tryOut(run, snapshot, live);
  const { reason } = verdict;
  if (!verdict.passed) return { status: 'REJECTED', reason, snapshotDigest, metrics };
  const artifact = await train(run, snapshot, [shares.assessed, shares.final], live?.start);
  throwIfCancelled(signal);
  const now = clock();
  const artifactId = newId(now);
  await publishArtifact(stores.artifacts, {
    shopId,
    id: artifactId,
    artifact,
    settings: model.settings,
    metrics,
    now,
    kept: config.keptArtifacts,
  });
  return { status: 'PUBLISHED', reason, snapshotDigest, artifactId, metrics };
}

/** Messages of foreseen failures hold no personal data; those of others might, so only their kind is kept. */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof GatewayError)) {
    const kind = error instanceof Error ? error.name : typeof error;
    return {
      status: 'FAILED',
      reason: `Expected to train to the end; got ${kind}. The worker's log says more.`,
    };
  }
  const reason = `${error.code}: ${error.message}`;
  if (error.code === 'CANCELLED') return { status: 'CANCELLED', reason };
  return { status: error.code === 'TRAINING_DATA_INSUFFICIENT' ? 'REJECTED' : 'FAILED', reason };
}

const unfinished = { snapshotDigest: null, artifactId: null, metrics: null, reason: null, finishedAt: null };

/** The run as it was queued, or a new one for a job that nobody recorded, now running. */
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
 * Runs a job to its end: snapshot, train on the part before the held-out events, measure beside the baseline and the
 * live artifact, gate, train again on everything, publish. The published model has seen more than the one measured, so
 * its figures are a lower bound in the usual case. The same events, products, seed and settings as the live
 * artifact's publish nothing new.
 * Temporary data live in memory only and end with the run.
 *
 * @returns the run's record, saved: PUBLISHED, REJECTED (too little data, or refused by the gate), CANCELLED, or FAILED
 * (a foreseen failure)
 * @throws what was not foreseen, after recording FAILED; UNAVAILABLE when even that cannot be recorded
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingRunRecord> {
  const { stores, loadModel, job, clock, onProgress } = options;
  const running = await begin(options);
  const finish = async (outcome: Outcome): Promise<TrainingRunRecord> => {
    const finished = { ...running, ...outcome, finishedAt: clock() };
    await stores.trainingRuns.save(finished);
    return finished;
  };
  try {
    const config = { ...defaultTrainingConfig, ...options.config };
    const outcome = await trainAndPublish({ options, model: loadModel(job.model), config });
    onProgress(1);
    return await finish(outcome);
  } catch (error) {
    const failed = await finish(outcomeOf(error));
    if (error instanceof GatewayError) return failed;
    throw error;
  }
}
