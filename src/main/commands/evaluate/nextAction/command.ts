// `affinity evaluate --task next-action`: what shoppers do next, foretold by the networks and by what they must beat.

import {
  baselineCandidates,
  type Candidate,
  cellCandidates,
  type NextActionConfig,
} from '../../../../insights/nextAction/candidates';
import { nextActionSettings } from '../../../../insights/nextAction/settings';
import {
  type Course,
  courseOf,
  meanLossOf,
  type Trial,
  tryCandidate,
} from '../../../../insights/nextAction/trial';
import { settingValuesOf } from '../../../../learning/settings';
import type { TrainContext } from '../../../../learning/trainContext';
import type { ThreadPool } from '../../../../numeric/threadPool';
import type { Snapshot } from '../../../../snapshot/snapshot';
import { type EvaluateOptions, invalid, needed } from '../options';
import { peakMemoryMb, resetPeakMemory } from '../peakMemory';
import { createProgress } from '../progress';
import { demoSnapshot } from './demoSnapshot';
import { readEventsFile } from './eventsFile';

/** What the insight is called, for --set. */
const name = 'next-action';
const candidates: readonly Candidate[] = [...baselineCandidates, ...cellCandidates];

/** The candidates that --models names; all when it names none. @throws {GatewayError} EVALUATION_INVALID */
function chosenOf({ models }: EvaluateOptions): readonly Candidate[] {
  const names = candidates.map(candidate => candidate.name);
  const stray = models?.find(model => !names.includes(model));
  if (stray !== undefined) throw invalid(`--models among ${names.join(', ')}`, stray, 'Choose of these.');
  return candidates.filter(candidate => models === undefined || models.includes(candidate.name));
}

/** @throws {GatewayError} EVALUATION_INVALID on --set for another model; BAD_USER_INPUT on a setting there is not */
function configOf({ set = [] }: EvaluateOptions): NextActionConfig {
  const stray = set.find(({ model }) => model !== name);
  if (stray) throw invalid(`--set ${name}.setting=number`, stray.model, 'Correct it.');
  return settingValuesOf(
    nextActionSettings,
    Object.fromEntries(set.map(({ setting, value }) => [setting, value])),
  );
}

function readSnapshot(options: EvaluateOptions): Promise<Snapshot> {
  if (options.demo !== undefined) return demoSnapshot(options.demo, options.splitSeed);
  return readEventsFile(needed(options.data, '--data', name), options.columns, options.limitUsers);
}

/** A candidate's trial with what it cost. */
interface Outcome {
  readonly trial: Trial;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

async function measure(
  candidate: Candidate,
  course: Course,
  config: NextActionConfig,
  context: Omit<TrainContext, 'onProgress'>,
): Promise<Outcome> {
  resetPeakMemory();
  const progress = createProgress(candidate.name, process.stderr);
  const start = performance.now();
  try {
    const onProgress = (done: number, total: number): void => progress.show('training', done, total);
    const trial = await tryCandidate(candidate, course, config, { ...context, onProgress });
    return { trial, seconds: (performance.now() - start) / 1000, peakMemoryMb: peakMemoryMb() };
  } finally {
    progress.stop();
  }
}

const rounded = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : Number(value.toFixed(6));

/** One line of the answer. */
function lineOf(
  { trial, seconds, peakMemoryMb: memory }: Outcome,
  shared: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { after, before, temperatures, validation, effort } = trial;
  const figures = Object.entries(after).map(([figure, value]) => [figure, rounded(value)] as const);
  return {
    model: trial.name,
    ...shared,
    ...Object.fromEntries(figures),
    eceBefore: rounded(before['ece']),
    logLossBefore: rounded(before['logLoss']),
    temperature: rounded(temperatures.actions),
    validationLogLoss: rounded(meanLossOf(validation)),
    effort,
    seconds: Number(seconds.toFixed(2)),
    peakMemoryMb: Number(memory.toFixed(1)),
  };
}

const columns = ['accuracy', 'macroF1', 'logLoss', 'ece', 'eceBefore', 'auc/purchase', 'seconds'] as const;

/** The chief figures as a table for a person. */
function tableOf(lines: readonly Readonly<Record<string, unknown>>[]): string {
  const rows = [
    ['model', ...columns],
    ...lines.map(line => [
      String(line['model']),
      ...columns.map(column => (line[column] === null ? '–' : Number(line[column]).toFixed(4))),
    ]),
  ];
  const widths = rows[0].map((_, at) => Math.max(...rows.map(row => row[at].length)));
  return rows
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Steps of a part whose next action is known. */
const askedOf = (targets: { readonly next: Int8Array }): number =>
  targets.next.reduce((count, next) => count + Number(next >= 0), 0);

/**
 * Trains every candidate on the first 70 % of the events by time, chooses on the next 15 %, and prints how it does on the rest.
 *
 * @throws {GatewayError} EVALUATION_INVALID, BAD_USER_INPUT, CANCELLED
 */
export async function evaluateNextAction(
  options: EvaluateOptions & { readonly threads: ThreadPool; readonly signal: AbortSignal },
): Promise<void> {
  const [chosen, config] = [chosenOf(options), configOf(options)];
  const { seed, threads, signal } = options;
  const course = courseOf(await readSnapshot(options), config.categories);
  const [trained, asked] = [askedOf(course.train), askedOf(course.test)];
  if (trained === 0 || asked === 0)
    throw invalid('events that others follow, in each part of the time', 'none', 'Give more events.');
  const shared = { task: name, protocol: 'by time', seed, trained, asked };
  const lines: Readonly<Record<string, unknown>>[] = [];
  for (const candidate of chosen) {
    const outcome = await measure(candidate, course, config, { seed, threads, signal });
    lines.push(lineOf(outcome, shared));
    if (options.json) console.log(JSON.stringify(lines.at(-1)));
  }
  if (!options.json) console.log(tableOf(lines));
}
