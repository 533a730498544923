import { createRng } from '../../../numeric/rng';
import { type BoostSettings, boostTrees, type LabelledTable } from '../../../numeric/trees/boostTrees';
import type { Forest } from '../../../numeric/trees/forest';
import { typeCountOf } from '../actions';
import type { ActionSteps } from '../steps';
import { type ActionTargets, unknownTarget } from '../targets';
import { followSteps } from '../window';
import { createFeatures } from './features';
import { countFrequencies, type Frequencies } from './frequencies';

/** Binary questions, in the order of their forests. */
export const treeHeads = ['purchase', 'abandonment', 'return1', 'return7', 'return30'] as const;

/** The forests, and the frequencies that predict minutes and categories. */
export interface ActionTrees {
  /** Places of the actions that were seen, ascending: class k of `actions` is action seen[k]. */
  readonly seen: Uint8Array;
  /** Null where fewer than two actions were seen: frequencies then predict. */
  readonly actions: Forest | null;
  /** By {@link treeHeads}; null where all outcomes were equal. */
  readonly heads: readonly (Forest | null)[];
  readonly frequencies: Frequencies;
}

/** Rounds of every forest: of actions, then of the heads. 0 without a forest. */
export type TreeRounds = readonly number[];

/** Input of {@link growActionTrees}. */
export interface TreeTask {
  readonly steps: ActionSteps;
  readonly train: ActionTargets;
  /** For early stopping; null: `rounds` are grown. */
  readonly validation: ActionTargets | null;
  /** Rounds to grow without validation targets. */
  readonly rounds: TreeRounds | null;
  readonly categories: number;
  readonly settings: BoostSettings;
  /** Most steps to grow on, drawn at random. */
  readonly maxRows: number;
  readonly seed: number;
  readonly onRound: () => void | Promise<void>;
}

/** Features of the steps of a window. */
interface Rows {
  readonly steps: Uint32Array;
  /** How many features a row has. */
  readonly columns: number;
  readonly values: Float32Array;
}

function rowsOf(task: TreeTask, targets: ActionTargets, seed: number): Rows {
  const features = createFeatures(typeCountOf(task.steps.actions), task.categories);
  const columns = features.count;
  const asked: number[] = [];
  followSteps(task.steps, targets, { open: () => new Float32Array(0), step: () => undefined }, step => {
    asked.push(step);
  });
  const rng = createRng(seed);
  const kept = Uint32Array.from(rng.shuffle(asked).slice(0, task.maxRows)).sort();
  const values = new Float32Array(kept.length * columns);
  let row = 0;
  followSteps(task.steps, targets, features, (step, state) => {
    if (step !== kept[row]) return;
    values.set(state.subarray(0, columns), columns * row++);
  });
  return { steps: kept, columns, values };
}

/** Returns the rows that have a label. */
function labelled({ steps, columns, values }: Rows, labelOf: (step: number) => number): LabelledTable {
  const rows = [...steps.keys()].filter(row => labelOf(steps[row]) >= 0);
  const own = new Float32Array(rows.length * columns);
  for (const [place, row] of rows.entries())
    own.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  const labels = Uint8Array.from(rows, row => labelOf(steps[row]));
  return { rows: rows.length, columns, values: own, labels };
}

/** A question: its outcome at a step as a class; negative where unknown. */
interface Question {
  readonly classes: number;
  labelOf(targets: ActionTargets): (step: number) => number;
}

const headTargets = (targets: ActionTargets): readonly Int8Array[] => [
  targets.purchase,
  targets.abandonment,
  ...targets.returns,
];

/** Rounds where the validation part has no known outcome. */
const roundsWithoutValidation = 20;

/** Grows one forest; null where all outcomes are equal. */
async function growForest(
  task: TreeTask,
  rows: { readonly train: Rows; readonly validation: Rows | null },
  { classes, labelOf }: Question,
  number: number,
): Promise<{ readonly forest: Forest | null; readonly rounds: number }> {
  const train = labelled(rows.train, labelOf(task.train));
  if (classes < 2 || new Set(train.labels).size < 2) return { forest: null, rounds: 0 };
  const held = rows.validation && task.validation && labelled(rows.validation, labelOf(task.validation));
  const lacksValidation = held !== null && held.rows === 0;
  const most = lacksValidation
    ? Math.min(roundsWithoutValidation, task.settings.rounds)
    : task.settings.rounds;
  const settings = { ...task.settings, rounds: Math.max(1, task.rounds?.[number] ?? most) };
  const validation = held === null || lacksValidation ? {} : { validation: held };
  const { onRound, seed } = task;
  return boostTrees({ train, ...validation, classes, settings, seed: seed + number, onRound });
}

/** Returns the actions that followed some step of the window. */
function seenActions({ next }: ActionTargets, actionCount: number): Uint8Array {
  const counts = new Uint32Array(actionCount);
  for (const action of next) if (action !== unknownTarget) counts[action]++;
  return Uint8Array.from(counts.keys()).filter(action => counts[action] > 0);
}

/** Grows a forest for each question. */
export async function growActionTrees(
  task: TreeTask,
): Promise<{ readonly trees: ActionTrees; readonly rounds: TreeRounds }> {
  const { steps, train, validation, seed, categories } = task;
  const actionCount = steps.actions.length;
  const seen = seenActions(train, actionCount);
  // An action that occurs only in validation data has no class: its steps are left out.
  const classOf = Int8Array.from({ length: actionCount }, (_, action) => seen.indexOf(action));
  const rows = {
    train: rowsOf(task, train, seed),
    validation: validation && rowsOf(task, validation, seed),
  };
  const questions: Question[] = [
    {
      classes: seen.length,
      labelOf: targets => step => (targets.next[step] < 0 ? unknownTarget : classOf[targets.next[step]]),
    },
    ...treeHeads.map((_, head) => ({
      classes: 2,
      labelOf: (targets: ActionTargets) => (step: number) => headTargets(targets)[head][step],
    })),
  ];
  const grown: { readonly forest: Forest | null; readonly rounds: number }[] = [];
  for (const [number, question] of questions.entries())
    grown.push(await growForest(task, rows, question, number));
  const [actions, ...heads] = grown.map(({ forest }) => forest);
  return {
    trees: { seen, actions, heads, frequencies: countFrequencies(steps, train, 2, categories) },
    rounds: grown.map(({ rounds }) => rounds),
  };
}
