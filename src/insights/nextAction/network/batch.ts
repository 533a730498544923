import { shardCount } from '../../../learning/shards';
import { noTarget } from '../../../numeric/network/maskedLosses';
import { typeCountOf } from '../actions';
import { emptyStep, readStepInto } from '../step';
import type { ActionSteps } from '../steps';
import { type ActionTargets, unknownTarget } from '../targets';
import { denseInto, indicesInto } from './features';
import { bucketOf, type MinuteBuckets } from './minutes';
import type { Batch, Pieces } from './pieces';
import { denseCount, flagColumns, lookupsOf } from './shape';
import type { ShardWorkspace, Workspace } from './workspace';

/** The part of a batch that was written to a shard. */
export interface ShardExtent {
  readonly rows: number;
  /** Sorted by falling length, as their rows are at each time step. */
  readonly pieces: readonly number[];
}

/** Data that batches are written from. */
export interface BatchSource {
  readonly steps: ActionSteps;
  readonly targets: ActionTargets;
  readonly buckets: MinuteBuckets;
  readonly pieces: Pieces;
}

/** A target as the kernels read it. */
const coded = (target: number): number => (target === unknownTarget ? noTarget : target);

function writeTargets(
  shard: ShardWorkspace,
  row: number,
  { targets, buckets }: BatchSource,
  step: number,
): void {
  const minutes = targets.minutes[step];
  shard.next[row] = coded(targets.next[step]);
  shard.bucket[row] = Number.isNaN(minutes) ? noTarget : bucketOf(buckets, minutes);
  shard.category[row] = coded(targets.category[step]);
  const at = row * flagColumns;
  shard.flags[at] = coded(targets.purchase[step]);
  shard.flags[at + 1] = coded(targets.abandonment[step]);
  for (const [index, flags] of targets.returns.entries()) shard.flags[at + 2 + index] = coded(flags[step]);
}

function maskTargets(shard: ShardWorkspace, row: number): void {
  shard.next[row] = noTarget;
  shard.bucket[row] = noTarget;
  shard.category[row] = noTarget;
  shard.flags.fill(noTarget, row * flagColumns, (row + 1) * flagColumns);
}

const step = emptyStep();

/** Writes pieces, sorted by falling length, time step by time step. */
function writeShard(
  shard: ShardWorkspace,
  capacity: number,
  source: BatchSource,
  pieces: readonly number[],
): ShardExtent {
  const { starts, ends, counted } = source.pieces;
  const lookups = lookupsOf({ types: typeCountOf(source.steps.actions) });
  let rows = 0;
  for (let time = 0; ; time++) {
    shard.timeOffsets[time] = rows;
    for (const piece of pieces) {
      const index = starts[piece] + time;
      if (index >= ends[piece]) break;
      readStepInto(source.steps.columns, index, step);
      denseInto(step, shard.dense, rows * denseCount);
      indicesInto(step, lookups, shard.indices, rows, capacity);
      if (index < counted[piece]) maskTargets(shard, rows);
      else writeTargets(shard, rows, source, index);
      shard.flags.fill(noTarget, rows * flagColumns + 5, (rows + 1) * flagColumns);
      rows++;
    }
    if (rows > shard.timeOffsets[time]) continue;
    shard.extent.set([rows, time]);
    return { rows, pieces };
  }
}

/** Final states of pieces, from which the next pieces of the same histories start. */
export interface CarriedStates {
  /** Writes the states that the pieces of a shard start from. */
  restore(shard: ShardWorkspace, extent: ShardExtent): void;
  /** Keeps the states that the pieces of a shard ended in. */
  keep(shard: ShardWorkspace, extent: ShardExtent): void;
}

/**
 * Keeps states from one epoch to the next. A piece that continues a history starts from the last final state of the piece
 * before, computed with earlier weights (Kapturowski et al. 2019, "stored state"). If that piece has no final state yet, in
 * the first epoch, it starts from zeros.
 */
export function carriedStates({ starts, ends, isContinuation }: Pieces, columns: number): CarriedStates {
  const kept = new Float32Array(isContinuation.length * 2 * columns);
  return {
    restore(shard, { pieces }) {
      for (const [row, piece] of pieces.entries()) {
        const from = piece * 2 * columns;
        shard.previous.set(kept.subarray(from, from + columns), row * columns);
        shard.previousCells.set(kept.subarray(from + columns, from + 2 * columns), row * columns);
      }
    },
    keep(shard, { pieces }) {
      for (const [rank, piece] of pieces.entries()) {
        if (isContinuation[piece + 1] !== 1) continue;
        const row = shard.timeOffsets[ends[piece] - starts[piece] - 1] + rank;
        const to = (piece + 1) * 2 * columns;
        kept.set(shard.states.subarray(row * columns, (row + 1) * columns), to);
        kept.set(shard.cells.subarray(row * columns, (row + 1) * columns), to + columns);
      }
    },
  };
}

/** Writes a batch to the workspace. Pieces, the longest first, go to the shards in turn. */
export function writeBatch(workspace: Workspace, source: BatchSource, batch: Batch): readonly ShardExtent[] {
  const parts: number[][] = workspace.shards.map(() => []);
  for (const [index, piece] of batch.entries()) parts[index % shardCount].push(piece);
  return workspace.shards.map((shard, index) =>
    writeShard(shard, workspace.extents.steps, source, parts[index]),
  );
}

/** Most steps per shard of a batch. */
export const shardStepsLimit = (batchSize: number, longest: number): number =>
  8 * Math.ceil((Math.ceil((batchSize + longest) / shardCount) + longest) / 8);
