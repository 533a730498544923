import { networkSettings } from './network/settings';

/** What can be set of the baselines and of the gate. */
const ownSettings = {
  maxCategories: {
    meaning: 'Categories told apart, the most frequent first; all others are one.',
    default: 64,
    minimum: 0,
    maximum: 1000,
    isInteger: true,
    formerNames: ['categories'],
  },
  margin: {
    meaning:
      'By what share the network’s log-loss on validation must be below the best baseline’s to be served.',
    default: 0.005,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  maxTreeRounds: {
    meaning: 'Rounds of boosting, at most: validation may stop it before.',
    default: 150,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['treeRounds'],
  },
  maxTreeLeaves: {
    meaning: 'Leaves of a tree, at most.',
    default: 12,
    minimum: 2,
    maximum: 1024,
    isInteger: true,
    formerNames: ['treeLeaves'],
  },
  treeLearningRate: {
    meaning: 'What a tree’s answers are multiplied by (shrinkage).',
    default: 0.1,
    minimum: 0.001,
    maximum: 1,
    isInteger: false,
    formerNames: ['treeRate'],
  },
  maxTreeRows: {
    meaning: 'Steps that trees are grown on, drawn at random where there are more.',
    default: 200_000,
    minimum: 100,
    maximum: 10_000_000,
    isInteger: true,
    formerNames: ['treeRows'],
  },
} as const;

/** Everything that can be set. Defaults: docs/models/next-action.md says on which validation data they were chosen. */
export const nextActionSettings = { ...networkSettings, ...ownSettings } as const;
