import { readTableFiles } from '../../../evaluation/files/tableFile';
import {
  averageEffectLine,
  averageEffectText,
  upliftLine,
  upliftTable,
} from '../../../evaluation/report/upliftReport';
import { averageEffectOf } from '../../../evaluation/uplift/averageEffect';
import { experimentRows } from '../../../evaluation/uplift/experimentRows';
import {
  measureTargeting,
  prepareDraws,
  randomTargeting,
  responseTargeting,
  type Summary,
  type Targeting,
  targetingBy,
} from '../../../evaluation/uplift/trial';
import { upliftBase, upliftLearners } from '../../../insights/uplift/learners';
import { measureCost } from './measureCost';
import { openLines } from './openLines';
import { type EvaluateOptions, type EvaluateRun, invalid, needed, neededValue } from './options';

/** Name of the task. */
const task = 'uplift';

const targetings: ReadonlyMap<string, Targeting> = new Map([
  ['random', randomTargeting],
  ['response', responseTargeting(upliftBase)],
  ...upliftLearners.map(learner => [learner.name, targetingBy(learner)] as const),
]);

/** The names of targetings that --models names; all without --models. @throws {GatewayError} EVALUATION_INVALID */
function chosenNames({ models }: EvaluateOptions): readonly string[] {
  const names = [...targetings.keys()];
  const unknown = models?.find(model => !names.includes(model));
  if (unknown !== undefined) throw invalid(`--models among ${names.join(', ')}`, unknown, 'Choose of these.');
  return names.filter(name => models === undefined || models.includes(name));
}

/**
 * `affinity evaluate --task uplift`. Learns from half of an experiment whom its treatment moves, and prints how well each
 * learner ranks the other half, over several draws of the halves.
 *
 * @throws {GatewayError} EVALUATION_INVALID, CANCELLED
 */
export async function evaluateUplift(options: EvaluateRun): Promise<void> {
  const names = chosenNames(options);
  const { arm, control, positive, drop = [], splits, seed, signal, json } = options;
  const source = openLines(needed(options.data, '--data', task), signal);
  const treatment = neededValue(options.treatment, '--treatment COLUMN', task);
  const target = neededValue(options.target, '--target COLUMN', task);
  const file = await readTableFiles([source]);
  const experiment = experimentRows(file, { treatment, arm, control, target, positive, drop });
  const { rows } = experiment;
  const average = averageEffectOf(rows);
  const plan = { rows, splits, seed, signal };
  const shared = {
    task,
    protocol: 'halves',
    splits,
    seed,
    target,
    arm: experiment.arm,
    control: experiment.control,
    rows: rows.labels.length,
    treated: rows.treated.reduce((sum, treated) => sum + treated, 0),
    columns: rows.table.columns.length,
    average: averageEffectLine(average),
  };
  const { result: draws } = await measureCost('doubly robust scores', show =>
    prepareDraws(upliftBase, { ...plan, onProgress: (done, total) => show('training', done, total) }),
  );
  const measured: (readonly [string, readonly Summary[]])[] = [];
  for (const name of names) {
    const targeting = targetings.get(name) ?? randomTargeting;
    const { result, cost } = await measureCost(name, show =>
      measureTargeting(targeting, draws, {
        ...plan,
        onProgress: (done, total) => show('training', done, total),
      }),
    );
    measured.push([name, result]);
    if (json) console.log(JSON.stringify(upliftLine(name, result, cost, shared)));
  }
  if (json) return;
  console.log(upliftTable(measured));
  console.log(`\n${averageEffectText(average)}`);
}
