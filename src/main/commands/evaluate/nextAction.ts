import { readEventsFile } from '../../../evaluation/files/eventsFile';
import {
  type NextActionLine,
  nextActionLine,
  nextActionTable,
} from '../../../evaluation/report/nextActionReport';
import { baselineCandidates, type Candidate, cellCandidates } from '../../../insights/nextAction/candidates';
import { nextActionSettings } from '../../../insights/nextAction/settings';
import { splitInTime, tryCandidate } from '../../../insights/nextAction/trial';
import { settingValuesOf } from '../../../learning/settings';
import type { Snapshot } from '../../../snapshot/snapshot';
import { demoSnapshot } from './demoData';
import { measureCost } from './measureCost';
import { openLines } from './openLines';
import { type EvaluateOptions, type EvaluateRun, insightConfig, invalid, needed } from './options';

/** Name of the task, and of the insight in --set. */
const name = 'next-action';
const candidates: readonly Candidate[] = [...baselineCandidates, ...cellCandidates];

/** The candidates that --models names; all of them without --models. @throws {GatewayError} EVALUATION_INVALID */
function chosenCandidates({ models }: EvaluateOptions): readonly Candidate[] {
  const names = candidates.map(candidate => candidate.name);
  const unknown = models?.find(model => !names.includes(model));
  if (unknown !== undefined) throw invalid(`--models among ${names.join(', ')}`, unknown, 'Choose of these.');
  return candidates.filter(candidate => models === undefined || models.includes(candidate.name));
}

function readSnapshot(options: EvaluateOptions): Promise<Snapshot> {
  if (options.demo !== undefined) return demoSnapshot(options.demo, options.splitSeed);
  const source = openLines(needed(options.data, '--data', name), options.signal);
  return readEventsFile(source, options.columns, options.limitUsers, options.timeFormat);
}

/** Number of steps of a part whose next action is known. */
const stepsAsked = (targets: { readonly next: Int8Array }): number =>
  targets.next.reduce((count, next) => count + Number(next >= 0), 0);

/**
 * `affinity evaluate --task next-action`. Trains every candidate on the first 70 % of the events by time, calibrates it
 * on the next 15 %, and prints its figures on the rest.
 *
 * @throws {GatewayError} EVALUATION_INVALID, BAD_USER_INPUT, CANCELLED
 */
export async function evaluateNextAction(options: EvaluateRun): Promise<void> {
  const chosen = chosenCandidates(options);
  const config = settingValuesOf(nextActionSettings, insightConfig(options, name));
  const { seed, threads, signal } = options;
  const snapshot = await readSnapshot(options);
  const [first] = snapshot.events.occurredAt;
  if (snapshot.events.occurredAt.every(time => time === first))
    throw invalid('events at times that differ', 'one time', 'Give the times at which they occurred.');
  const split = splitInTime(snapshot, config.maxCategories);
  const [trained, asked] = [stepsAsked(split.train), stepsAsked(split.test)];
  if (trained === 0 || asked === 0)
    throw invalid('events that others follow, in each part of the time', 'none', 'Give more events.');
  const shared = { task: name, protocol: 'by time', seed, trained, asked };
  const lines: NextActionLine[] = [];
  for (const candidate of chosen) {
    const { result, cost } = await measureCost(candidate.name, show =>
      tryCandidate(candidate, split, config, {
        seed,
        threads,
        signal,
        onProgress: (done, total) => show('training', done, total),
      }),
    );
    const line = nextActionLine(result, cost, shared);
    lines.push(line);
    if (options.json) console.log(JSON.stringify(line));
  }
  if (!options.json) console.log(nextActionTable(lines));
}
