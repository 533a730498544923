import { createContenders } from '../../../../src/main/commands/evaluate/contenders';
import { defaultModels } from '../../../../src/models/registry';

/** Names of the models of a task without --models. */
function namesOf(task: string): readonly string[] {
  const options = {
    task,
    columns: new Map(),
    files: [],
    splitSeed: 1,
    holdout: 'test',
    seed: 1,
    seeds: 1,
    splits: 10,
  };
  const rest = {
    negativeSeed: 1,
    ratingSplit: 'random',
    part: 'all',
    itemColumn: 'item',
    textColumn: [],
    tuneTrials: 1,
  };
  return createContenders({ ...options, ...rest }).map(({ name }) => name);
}

describe('the models of a task without --models', () => {
  it('are those that are trained by default for a shop', () => {
    expect(namesOf('shop')).toEqual(defaultModels);
  });

  it.each(['ranking', 'next-item', 'basket', 'cold-items', 'rating'])(
    'leave out models that need purchases at several times: %s',
    task => {
      expect(namesOf(task)).not.toContain('buy-again');
      expect(namesOf(task).length).toBeGreaterThan(0);
    },
  );
});
