// The update of a step, cut into parts that threads take: part p owns a slice of the dense parameters, and the rows of tables
// whose number leaves the remainder p. Each number is summed and updated by one part, over shards in order, so the bytes do
// not depend on which thread takes which part.

import type { ThreadTask } from '../numeric/threadPool';
import type { NetworkKernels } from '../numeric/wasm/networkKernels';
import { shardCount, shardTask } from './shards';
import type { ChunkedPayload } from './workerGroup';

/** Addresses of a lazily updated table and of what its update keeps. */
export interface TableAddresses {
  readonly rows: number;
  readonly columns: number;
  readonly values: number;
  /** float32 [rows × columns]: sums of gradients; zeros between steps. */
  readonly gradients: number;
  /** float32 [rows × 2·columns]: first, then second moments of each row. */
  readonly moments: number;
  /** uint32 [rows]: the last step that had a gradient of the row. */
  readonly steps: number;
  /** uint32 [shardCount × rowsOfPart]: rows that the step updates, by part, and how many: uint32 [shardCount]. */
  readonly touched: number;
  readonly touchedCounts: number;
}

/** Addresses of RowGradients; `starts` is 0 where each gradient belongs to one row. */
export interface RowGradientAddresses {
  readonly table: number;
  readonly count: number;
  readonly gradients: number;
  readonly indices: number;
  readonly starts: number;
}

/** Addresses of everything that an update reads and writes. */
export interface UpdatePlan {
  readonly length: number;
  readonly dense: number;
  /** float32 [2 × length]: first, then second moments of each part's slice. */
  readonly moments: number;
  /** Dense gradients of each shard; the sum replaces those of the first. */
  readonly gradients: readonly number[];
  readonly tables: readonly TableAddresses[];
  /** Of all shards, in order. */
  readonly rows: readonly RowGradientAddresses[];
  readonly adamSettings: number;
}

/** Stages of an update that are run: summing the gradients, the step of Adam, or both. */
export type UpdateStage = 'sum' | 'step' | 'both';

/** An update, to be run by {@link updatePart} for each part. */
export interface Update {
  readonly plan: UpdatePlan;
  readonly step: number;
  readonly stage: UpdateStage;
  /** At most 1: what summed gradients are multiplied by before the step. */
  readonly clipFactor: number;
}

/** Most rows of a table that belong to one part. */
export const rowsOfPart = (rows: number): number => Math.ceil(rows / shardCount);

const bytesOf = (numbers: number): number => 4 * numbers;

/** First and last + 1 of the dense parameters of a part: multiples of 8 but for the last. */
function sliceOf(length: number, part: number): readonly [number, number] {
  const size = 8 * Math.ceil(length / (8 * shardCount));
  return [Math.min(part * size, length), Math.min((part + 1) * size, length)];
}

/** A part of an update at work. */
interface PartOfUpdate {
  readonly update: Update;
  readonly part: number;
  readonly kernels: NetworkKernels;
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

function sumDense({ update, part, kernels }: PartOfUpdate): void {
  const { length, gradients } = update.plan;
  const [begin, end] = sliceOf(length, part);
  const [sum, ...others] = gradients;
  for (const other of others) kernels.addInto(other + bytesOf(begin), end - begin, sum + bytesOf(begin));
}

/** Adds gradients to the part's own rows of their table, and lists the rows that had none before in this step. */
function addRows(
  { update, part, kernels, words }: PartOfUpdate,
  table: TableAddresses,
  from: RowGradientAddresses,
): void {
  const { step } = update;
  const { columns, gradients, steps, touched, touchedCounts } = table;
  const list = (touched >>> 2) + part * rowsOfPart(table.rows);
  const [indices, starts] = [from.indices >>> 2, from.starts >>> 2];
  const stepsAt = steps >>> 2;
  let listed = words[(touchedCounts >>> 2) + part];
  const count = words[from.count >>> 2];
  for (let gradient = 0; gradient < count; gradient++) {
    const begin = starts === 0 ? gradient : words[starts + gradient];
    const end = starts === 0 ? gradient + 1 : words[starts + gradient + 1];
    for (let entry = begin; entry < end; entry++) {
      const row = words[indices + entry];
      if (row % shardCount !== part) continue;
      if (words[stepsAt + row] !== step) {
        words[stepsAt + row] = step;
        words[list + listed++] = row;
      }
      kernels.addInto(
        from.gradients + bytesOf(gradient * columns),
        columns,
        gradients + bytesOf(row * columns),
      );
    }
  }
  words[(touchedCounts >>> 2) + part] = listed;
}

function sum(work: PartOfUpdate): void {
  const { update, part, words } = work;
  const { tables, rows } = update.plan;
  sumDense(work);
  for (const { touchedCounts } of tables) words[(touchedCounts >>> 2) + part] = 0;
  for (const from of rows) addRows(work, tables[from.table], from);
}

function scale(floats: Float32Array, address: number, count: number, factor: number): void {
  const first = address >>> 2;
  for (let place = first; place < first + count; place++) floats[place] *= factor;
}

function stepDense({ update, part, kernels, floats }: PartOfUpdate): void {
  const { clipFactor, plan } = update;
  const [begin, end] = sliceOf(plan.length, part);
  const gradient = plan.gradients[0] + bytesOf(begin);
  if (clipFactor < 1) scale(floats, gradient, end - begin, clipFactor);
  const moments = plan.moments + 2 * bytesOf(begin);
  kernels.adam(plan.dense + bytesOf(begin), gradient, moments, end - begin, plan.adamSettings);
}

/** Updates the rows that the part listed, and sets their gradients to zeros. */
function stepRows({ update, part, kernels, floats, words }: PartOfUpdate, table: TableAddresses): void {
  const { clipFactor, plan } = update;
  const { columns, values, gradients, moments, touched, touchedCounts } = table;
  const list = (touched >>> 2) + part * rowsOfPart(table.rows);
  const end = list + words[(touchedCounts >>> 2) + part];
  for (let place = list; place < end; place++) {
    const offset = bytesOf(words[place] * columns);
    const gradient = gradients + offset;
    if (clipFactor < 1) scale(floats, gradient, columns, clipFactor);
    kernels.adam(values + offset, gradient, moments + 2 * offset, columns, plan.adamSettings);
    floats.fill(0, gradient >>> 2, (gradient >>> 2) + columns);
  }
}

/** Runs one part of an update. */
export function updatePart(
  update: Update,
  part: number,
  { memory, kernels }: { readonly memory: WebAssembly.Memory; readonly kernels: NetworkKernels },
): void {
  const { buffer } = memory;
  const work = {
    update,
    part,
    kernels,
    words: new Uint32Array(buffer),
    floats: new Float32Array(buffer),
  };
  if (update.stage !== 'step') sum(work);
  if (update.stage === 'sum') return;
  stepDense(work);
  for (const table of update.plan.tables) stepRows(work, table);
}

/** Tasks that the training loop runs on threads; part of the tasks of every network. */
export const learningTasks = {
  'learning.update': shardTask<ChunkedPayload & Update>((payload, part, kernels) =>
    updatePart(payload, part, { memory: payload.memory, kernels }),
  ),
} as const satisfies Record<string, ThreadTask>;
