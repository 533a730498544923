import { checkTask } from '../../learning/tabular/learner';
import { treeEncodingOf } from '../../learning/tabular/treeTable';
import { pause } from '../../numeric/pause';
import { forestScoresInto } from '../../numeric/trees/forest';
import { growUpliftForest, type UpliftForestSettings } from '../../numeric/trees/growUpliftForest';
import { rowsOfArm, type UpliftLearner } from './learner';

/** Settings of {@link upliftForest}. */
export interface UpliftForestConfig extends Omit<UpliftForestSettings, 'minArmWeight'> {
  /** Fewest rows of either arm in a leaf, in either half of a tree's rows: this share of the smaller arm's rows in a half. */
  readonly minArmShare: number;
}

/** Fewest rows of either arm in a leaf, however few rows there are. */
const minArmRows = 5;

/** A forest of honest trees that split where the effect differs most (Wager & Athey 2018). */
export const upliftForest = ({ minArmShare, ...settings }: UpliftForestConfig): UpliftLearner => ({
  name: 'uplift-forest',
  async learn(task) {
    const { table, labels, treated, seed } = task;
    const smaller = Math.min(rowsOfArm(treated, 0).length, rowsOfArm(treated, 1).length);
    const minArmWeight = Math.max(minArmRows, (minArmShare * smaller * settings.rowShare) / 2);
    const encode = treeEncodingOf(table);
    const { forest } = await growUpliftForest({
      train: { ...encode(table), treated, outcomes: Float32Array.from(labels) },
      settings: { ...settings, minArmWeight },
      seed,
      async onTree(tree, trees) {
        await pause();
        checkTask(task);
        task.onProgress?.(tree, trees);
      },
    });
    return {
      upliftInto(read, out) {
        const { rows, columns, values } = encode(read);
        const score = new Float64Array(1);
        for (let row = 0; row < rows; row++) {
          forestScoresInto(forest, values, row * columns, score);
          out[row] = score[0];
        }
      },
    };
  },
});
