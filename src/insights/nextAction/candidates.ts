import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import { frequenciesOf, frequencyArrays, treeArrays, treesOf } from './baselines/arrays';
import { countFrequencies, type Order } from './baselines/frequencies';
import { frequencyForecaster } from './baselines/frequencyForecaster';
import { treeForecaster } from './baselines/treeForecaster';
import { growActionTrees } from './baselines/trees';
import type { Forecaster } from './forecaster';
import { networkForecaster } from './network/forward';
import { networkArrays, networkOf } from './network/stored';
import { trainNetwork } from './network/train';
import type { nextActionSettings } from './settings';
import type { ActionSteps } from './steps';
import type { ActionTargets } from './targets';

/** Values of all settings. */
export type NextActionConfig = SettingValues<typeof nextActionSettings>;

/** What a candidate is trained on. */
export interface TrainingData {
  readonly steps: ActionSteps;
  /** Number of categories in the vocabulary. */
  readonly categories: number;
  readonly learned: ActionTargets;
  /** Validation targets for early stopping; null: train for the epochs and rounds of `effort`. */
  readonly judged: ActionTargets | null;
  /** {@link TrainedCandidate.effort} of a training with validation targets; null without one. */
  readonly effort: readonly number[] | null;
}

/** A trained candidate. */
export interface TrainedCandidate {
  readonly forecaster: Forecaster;
  /** Epochs, or rounds per forest, after which it was best on validation. */
  readonly effort: readonly number[];
  /** Its arrays in an artifact. */
  readonly arrays: readonly (readonly [string, ArtifactArray])[];
}

/** A kind of forecaster that may be chosen to serve. */
export interface Candidate {
  readonly name: string;
  learn(material: TrainingData, config: NextActionConfig, context: TrainContext): Promise<TrainedCandidate>;
  /**
   * @param types - how many types of events it was trained with
   * @throws {GatewayError} ARTIFACT_DAMAGED
   */
  load(artifact: Artifact, types: number): Forecaster;
}

/** A candidate that counts what followed the last types. */
const counting = (name: string, order: Order): Candidate => ({
  name,
  async learn({ steps, learned, categories }) {
    const frequencies = countFrequencies(steps, learned, order, categories);
    return {
      forecaster: frequencyForecaster(frequencies),
      effort: [],
      arrays: frequencyArrays(frequencies),
    };
  },
  load: (artifact, types) => frequencyForecaster(frequenciesOf(artifact, types)),
});

/** Boosting options that are not settings; chosen on validation data (docs/models/next-action.md). */
const boosting = {
  minHessian: 5,
  l2: 1,
  minGain: 0,
  rowShare: 0.7,
  columnShare: 0.5,
  patience: 10,
} as const;

const trees: Candidate = {
  name: 'boosted-trees',
  async learn({ steps, learned, judged, categories, effort }, config, context) {
    const { maxTreeRounds, maxTreeLeaves, treeLearningRate, maxTreeRows } = config;
    const grown = await growActionTrees({
      steps,
      train: learned,
      validation: judged,
      rounds: effort,
      categories,
      settings: { ...boosting, rounds: maxTreeRounds, leaves: maxTreeLeaves, learningRate: treeLearningRate },
      maxRows: maxTreeRows,
      seed: context.seed,
      async onRound() {
        await pause();
        checkCancelled(context);
      },
    });
    return {
      forecaster: treeForecaster(grown.trees),
      effort: grown.rounds,
      arrays: treeArrays(grown.trees),
    };
  },
  load: (artifact, types) => treeForecaster(treesOf(artifact, types)),
};

/** A candidate that trains a recurrent network. */
const network = (
  name: string,
  cellOf: (config: NextActionConfig) => NextActionConfig['cell'],
): Candidate => ({
  name,
  async learn({ effort, ...material }, config, context) {
    const epochs = effort?.[0] ?? config.epochs;
    const own = { ...config, epochs, cell: cellOf(config) };
    const trained = await trainNetwork(material, own, context);
    return {
      forecaster: networkForecaster(trained),
      effort: [Math.max(1, trained.epochs)],
      arrays: networkArrays(trained),
    };
  },
  load: (artifact, types) => networkForecaster(networkOf(artifact, types)),
});

/** Baselines of the network, the simplest first. */
export const baselineCandidates: readonly Candidate[] = [
  counting('majority', 0),
  counting('markov1', 1),
  counting('markov2', 2),
  trees,
];

/** The network, with the cell of the settings. */
export const networkCandidate: Candidate = network('network', ({ cell }) => cell);

/** One network per cell, for comparison. */
export const cellCandidates: readonly Candidate[] = [
  network('gru', () => 'gru'),
  network('lstm', () => 'lstm'),
];
