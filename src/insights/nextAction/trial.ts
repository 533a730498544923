import type { TrainContext } from '../../learning/trainContext';
import type { Snapshot } from '../../snapshot/snapshot';
import { calibratedPredictions, type Temperatures, temperaturesOf } from './calibrate';
import type { Candidate, NextActionConfig } from './candidates';
import { type Figures, figuresOf, type LossSums, lossesByUser } from './figures';
import { predictionsOf } from './predictions';
import { type ActionSteps, actionStepsOf } from './steps';
import { type ActionTargets, actionTargetsOf } from './targets';
import { type ActionVocabulary, actionVocabularyOf } from './vocabulary';
import { timeSplitOf } from './window';

/** A snapshot in three parts of time, ready for every candidate. */
export interface Course {
  readonly steps: ActionSteps;
  /** Of what training knows. */
  readonly vocabulary: ActionVocabulary;
  readonly train: ActionTargets;
  readonly validation: ActionTargets;
  readonly test: ActionTargets;
}

/** Cuts a snapshot by time. No part knows anything of a later one. */
export function courseOf(snapshot: Snapshot, mostCategories: number): Course {
  const { events, asOf } = snapshot;
  // Where time is cut does not depend on the words of the vocabulary: it is found on events alone.
  const split = timeSplitOf(events, asOf);
  const vocabulary = actionVocabularyOf(snapshot, split.trainUntil, mostCategories);
  const steps = actionStepsOf(snapshot, vocabulary);
  const targets = (after: number, until: number): ActionTargets => actionTargetsOf(steps, { after, until });
  return {
    steps,
    vocabulary,
    train: targets(Number.NEGATIVE_INFINITY, split.trainUntil),
    validation: targets(split.trainUntil, split.validateUntil),
    test: targets(split.validateUntil, split.testUntil),
  };
}

/** How a candidate did. */
export interface Trial {
  readonly name: string;
  /** Epochs or rounds after which it was best on validation. */
  readonly effort: readonly number[];
  /** Found on validation. */
  readonly temperatures: Temperatures;
  /** On validation, calibrated. */
  readonly validation: LossSums;
  /** On the test part, as it was learned. */
  readonly before: Figures;
  /** On the test part, calibrated. */
  readonly after: Figures;
}

/** Mean log-loss of all actions. */
export function meanLossOf({ sums, counts }: LossSums): number {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return total(sums) / total(counts);
}

/** Trains a candidate on the first part, calibrates it on the second, and measures it on the third. */
export async function tryCandidate(
  candidate: Candidate,
  { steps, vocabulary, train, validation, test }: Course,
  config: NextActionConfig,
  context: TrainContext,
): Promise<Trial> {
  const categories = vocabulary.categories.length;
  const material = { steps, categories, learned: train, judged: validation, effort: null };
  const { forecaster, effort } = await candidate.learn(material, config, context);
  const judged = predictionsOf(forecaster, steps, validation);
  const temperatures = temperaturesOf(judged);
  const tested = predictionsOf(forecaster, steps, test);
  return {
    name: candidate.name,
    effort,
    temperatures,
    validation: lossesByUser(calibratedPredictions(judged, temperatures)),
    before: figuresOf(tested),
    after: figuresOf(calibratedPredictions(tested, temperatures)),
  };
}
