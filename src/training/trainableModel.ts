import type { Artifact } from '../artifact/artifact';
import type { GateVerdict } from '../evaluation/gate';
import type { TrainContext } from '../learning/trainContext';
import type { Model, Scorer } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { ArtifactRecord } from '../store/ports/artifact';
import { type Assessment, assess } from './assess';
import { throwIfCancelled } from './cancelled';
import { chooseHeldOut } from './chooseHeldOut';
import type { TrainingConfig } from './config';
import { type Learner, progressBetween, shares, type Trainable, type TrainingOptions } from './learner';
import { isSameSettings, isSameTraining } from './publishArtifact';
import { readLive } from './readLive';

/** The live artifact and its scorer. */
interface Live {
  readonly artifact: Artifact;
  readonly scorer: Scorer;
  /** The artifact if it was trained with the settings of this run: only then may a training start from it. */
  readonly start: Artifact | undefined;
}

interface Run {
  readonly options: TrainingOptions;
  readonly model: Model;
  readonly baseline: Model;
  readonly config: TrainingConfig;
}

/** What a training can use of earlier ones. */
type Start = Pick<TrainContext, 'previous' | 'measured' | 'publishedOf'>;

async function train(
  { options, model }: Run,
  snapshot: Snapshot,
  [from, to]: readonly [number, number],
  start: Start = {},
): Promise<Artifact> {
  const { job, threads, signal, onProgress } = options;
  throwIfCancelled(signal);
  return await model.train(snapshot, {
    seed: job.seed,
    threads,
    signal,
    ...start,
    onProgress: progressBetween(onProgress, from, to),
  });
}

const loadLive = ({ options, model }: Run, record: ArtifactRecord | undefined): Promise<Live | null> =>
  readLive(options.stores.artifacts, record, artifact => {
    const isStart = record !== undefined && isSameSettings(record, model.settings);
    return { artifact, scorer: model.load(artifact), start: isStart ? artifact : undefined };
  });

/**
 * Trains a candidate on the part that is not held out, and measures it beside the baseline and the live scorer. The candidate
 * starts from the live artifact only if that has not seen the held-out events.
 */
async function tryOut(
  run: Run,
  snapshot: Snapshot,
  live: Live | null,
): Promise<Assessment & { readonly candidate: Artifact }> {
  const { options, model, baseline, config } = run;
  const chosen = await chooseHeldOut(snapshot, live?.artifact.header.asOf ?? null, config, options.job.seed);
  const previous = chosen.isFairToLive ? live?.start : undefined;
  const start = previous && { previous };
  const candidate = await train(run, chosen.split.train, [shares.read, shares.candidate], start);
  const silent = { ...options, onProgress: () => undefined };
  const floor = await train({ ...run, options: silent, model: baseline }, chosen.split.train, [0, 0]);
  const contenders = {
    card: model.card,
    candidate: model.load(candidate),
    baseline: baseline.load(floor),
    live: live?.scorer ?? null,
  };
  const { measuredUsers } = config;
  const assessment = await assess(contenders, chosen, {
    snapshot,
    measuredUsers,
    seed: options.job.seed,
    signal: options.signal,
  });
  options.onProgress(shares.assessed);
  const verdict = withRemark(assessment.verdict, candidate);
  return { verdict, metrics: { ...assessment.metrics, events: snapshot.events.length }, candidate };
}

/** Returns what finds published artifacts of other models that were trained on the same data with the run's seed. */
const publishedWith =
  ({ options: { stores, job } }: Run): NonNullable<TrainContext['publishedOf']> =>
  async ({ name, settings }, snapshotDigest) => {
    const records = await stores.artifacts.liveOf(job.shopId);
    const record = records.find(({ model }) => model === name);
    const isSame = record !== undefined && isSameTraining(record, snapshotDigest, job.seed, settings);
    return isSame ? await readLive(stores.artifacts, record, artifact => artifact) : null;
  };

/** Returns a verdict with what the model says of its own choice (`reason` in its header), where it says anything. */
function withRemark(verdict: GateVerdict, { header }: Artifact): GateVerdict {
  const remark = header.config['reason'];
  return typeof remark === 'string' ? { ...verdict, reason: `${verdict.reason} ${remark}` } : verdict;
}

function learnerOf(run: Run): Learner {
  const { model } = run;
  return {
    settings: model.settings,
    load: artifact => model.load(artifact),
    async tryOut(snapshot, record) {
      const live = await loadLive(run, record);
      const { verdict, metrics, candidate } = await tryOut(run, snapshot, live);
      const start = {
        measured: candidate,
        publishedOf: publishedWith(run),
        ...(live?.start && { previous: live.start }),
      };
      const finish = () => train(run, snapshot, [shares.assessed, shares.final], start);
      return { verdict, metrics, finish };
    },
  };
}

/**
 * Returns a model as something that can be trained. A model is trained twice: on the part before the held-out events, to be
 * measured with the baseline and the live artifact, and then on everything. The published model has seen more than
 * the measured one, so its figures are usually a lower bound.
 *
 * @param loadModel - also returns the baseline
 */
export const trainableModel = (model: Model, loadModel: (name: string) => Model): Trainable => ({
  card: model.card,
  learner: (options, config) => learnerOf({ options, model, baseline: loadModel(config.baseline), config }),
});
