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

/** What a candidate learns from. */
export interface Material {
  readonly steps: ActionSteps;
  /** Categories of the vocabulary. */
  readonly categories: number;
  readonly learned: ActionTargets;
  /** What to stop by; null: learns as long as `effort` says. */
  readonly judged: ActionTargets | null;
  /** What {@link Taught.effort} said where there was something to stop by. */
  readonly effort: readonly number[] | null;
}

/** A candidate that learned. */
export interface Taught {
  readonly forecaster: Forecaster;
  /** Epochs or rounds after which it was best. */
  readonly effort: readonly number[];
  /** What an artifact holds of it. */
  readonly arrays: readonly (readonly [string, ArtifactArray])[];
}

/** Something that may come to foretell what shoppers do. */
export interface Candidate {
  readonly name: string;
  learn(material: Material, config: NextActionConfig, context: TrainContext): Promise<Taught>;
  /**
   * @param types - how many types of events it was trained with
   * @throws {GatewayError} ARTIFACT_DAMAGED
   */
  load(artifact: Artifact, types: number): Forecaster;
}

/** A candidate that counts what came after the last types. */
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

/** How trees are grown beside what can be set: chosen on validation (docs/models/next-action.md). */
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
      mostRows: maxTreeRows,
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

/** A candidate that is a network. */
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

/** What the network is held against, the plainest first. */
export const baselineCandidates: readonly Candidate[] = [
  counting('majority', 0),
  counting('markov1', 1),
  counting('markov2', 2),
  trees,
];

/** The network with the cell that the settings say. */
export const networkCandidate: Candidate = network('network', ({ cell }) => cell);

/** Both networks, to be compared. */
export const cellCandidates: readonly Candidate[] = [
  network('gru', () => 'gru'),
  network('lstm', () => 'lstm'),
];
