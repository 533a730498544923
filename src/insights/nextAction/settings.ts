import { networkSettings } from './network/settings';

/** Settings of the baselines and of the gate. */
const ownSettings = {
  maxCategories: {
    meaning: 'Most categories distinguished, the most frequent first; all others count as one.',
    default: 64,
    minimum: 0,
    maximum: 1000,
    isInteger: true,
    formerNames: ['categories'],
  },
  margin: {
    meaning: 'Share by which the network’s log-loss on validation data must be below the best baseline’s.',
    default: 0.005,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  maxTreeRounds: {
    meaning: 'Most rounds of boosting; early stopping on validation data may end it sooner.',
    default: 150,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['treeRounds'],
  },
  maxTreeLeaves: {
    meaning: 'Most leaves per tree.',
    default: 12,
    minimum: 2,
    maximum: 1024,
    isInteger: true,
    formerNames: ['treeLeaves'],
  },
  treeLearningRate: {
    meaning: 'Factor by which each tree’s output is multiplied (shrinkage).',
    default: 0.1,
    minimum: 0.001,
    maximum: 1,
    isInteger: false,
    formerNames: ['treeRate'],
  },
  maxTreeRows: {
    meaning: 'Most steps that trees are grown on, drawn at random where there are more.',
    default: 200_000,
    minimum: 100,
    maximum: 10_000_000,
    isInteger: true,
    formerNames: ['treeRows'],
  },
} as const;

/** All settings. docs/models/next-action.md says on which validation data the defaults were chosen. */
export const nextActionSettings = { ...networkSettings, ...ownSettings } as const;
