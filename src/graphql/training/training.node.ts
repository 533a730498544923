import { staff } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { toTrainingRunView } from './training.type';

/** Resolves global ids of training runs. */
export const trainingRunNode: NodeSource = {
  kind: 'TrainingRun',
  roles: staff,
  async read(id, { services, principal }) {
    const run = await services.stores.trainingRuns.find(principal.shopId, id);
    return run === null ? null : toTrainingRunView(run);
  },
};
