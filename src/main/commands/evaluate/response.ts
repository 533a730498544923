import { readTableFiles } from '../../../evaluation/files/tableFile';
import type { Cost } from '../../../evaluation/report/cost';
import { responseLines, responseSummary, responseTable } from '../../../evaluation/report/responseReport';
import { partsOf, type ResponseProtocol } from '../../../evaluation/response/parts';
import { responseRows } from '../../../evaluation/response/responseRows';
import { tryResponse } from '../../../evaluation/response/trial';
import type { Learner } from '../../../learning/tabular/learner';
import { responseLearners } from '../../../learning/tabular/learners';
import type { Measure } from '../../../learning/tabular/selection';
import { measureCost } from './measureCost';
import { openLines } from './openLines';
import { type EvaluateOptions, type EvaluateRun, invalid, needed, neededValue } from './options';

/** Name of the task. */
const task = 'response';

/** The learners that --models names; all of them without --models. @throws {GatewayError} EVALUATION_INVALID */
function chosenLearners({ models }: EvaluateOptions): readonly Learner[] {
  const names = responseLearners.map(({ name }) => name);
  const unknown = models?.find(model => !names.includes(model));
  if (unknown !== undefined) throw invalid(`--models among ${names.join(', ')}`, unknown, 'Choose of these.');
  return responseLearners.filter(({ name }) => models === undefined || models.includes(name));
}

/** @throws {GatewayError} EVALUATION_INVALID */
function protocolOf({ split, test, columns, seed }: EvaluateOptions, trainRows: number): ResponseProtocol {
  const other = [...columns.keys()].find(role => role !== 'time');
  if (other !== undefined) throw invalid(`--columns time=COLUMN with --task ${task}`, other, 'Correct it.');
  if (split !== undefined && split !== 'time')
    throw invalid(`--split time with --task ${task}`, split.join(':'), 'Leave it out for 5 folds.');
  if (test !== undefined && split !== undefined)
    throw invalid('--split or --test', 'both', 'Leave one of them out.');
  if (split === undefined && columns.size > 0)
    throw invalid('--split time with --columns time', 'none', 'Add it, or leave --columns out.');
  if (split === 'time') return { kind: 'time' };
  return test === undefined ? { kind: 'folds', seed } : { kind: 'file', trainRows };
}

const protocolNames = { folds: '5 folds', time: 'by time', file: 'test file' };

/** Sums what the parts of each model's work cost. */
function costMeter(): { readonly costs: ReadonlyMap<string, Cost>; readonly measure: Measure } {
  const costs = new Map<string, Cost>();
  return {
    costs,
    async measure(name, work) {
      const { result, cost } = await measureCost(name, show =>
        work((done, total) => show('training', done, total)),
      );
      const before = costs.get(name) ?? { seconds: 0, peakMemoryMb: 0 };
      costs.set(name, {
        seconds: before.seconds + cost.seconds,
        peakMemoryMb: Math.max(before.peakMemoryMb, cost.peakMemoryMb),
      });
      return result;
    },
  };
}

/**
 * `affinity evaluate --task response`. Learns who responds from a table with every learner and their blend, and prints how
 * well each predicts rows that were held out.
 *
 * @throws {GatewayError} EVALUATION_INVALID, CANCELLED
 */
export async function evaluateResponse(options: EvaluateRun): Promise<void> {
  const learners = chosenLearners(options);
  const { seed, signal, json } = options;
  const paths = [needed(options.data, '--data', task), ...(options.test === undefined ? [] : [options.test])];
  const target = neededValue(options.target, '--target COLUMN', task);
  const positive = neededValue(options.positive, '--positive VALUE', task);
  const file = await readTableFiles(paths.map(path => openLines(path, signal)));
  const protocol = protocolOf(options, file.rows[0]);
  const { columns, timeFormat, drop = [] } = options;
  const rows = responseRows(file, { target, positive, drop, time: columns.get('time'), timeFormat });
  const parts = partsOf(rows.labels, protocol);
  const { costs, measure } = costMeter();
  const trial = await tryResponse({ rows, parts, protocol, learners, seed, signal, measure });
  const shared = {
    task,
    protocol: protocolNames[protocol.kind],
    seed,
    rows: rows.table.rows,
    columns: rows.table.columns.length,
    positiveShare: rows.labels.reduce((sum, label) => sum + label, 0) / rows.labels.length,
  };
  const lines = responseLines(trial, costs, shared);
  if (json) {
    for (const line of lines) console.log(JSON.stringify(line));
    return;
  }
  console.log(responseTable(lines));
  console.log(`\n${responseSummary(trial)}`);
}
