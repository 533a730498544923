import { type Classifier, type Learner, takeLabelled } from '../../learning/tabular/learner';
import { partOf, rowsOfArm, type UpliftTask } from './learner';

/** Predicts the outcome without and with the treatment. */
export type ArmModels = readonly [control: Classifier, treated: Classifier];

/**
 * Learns the outcome in each arm by itself.
 *
 * @param parts - of the whole work, of which this is the first two
 */
export async function learnArms(base: Learner, task: UpliftTask, parts = 2): Promise<ArmModels> {
  const { table, labels } = task;
  const learnArm = (arm: 0 | 1): Promise<Classifier> =>
    base.learn({
      ...takeLabelled({ table, labels }, rowsOfArm(task.treated, arm)),
      ...partOf(task, arm, parts),
    });
  return [await learnArm(0), await learnArm(1)];
}
