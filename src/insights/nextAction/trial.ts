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

/** A snapshot split by time into train, validation and test targets. */
export interface SplitTargets {
  readonly steps: ActionSteps;
  /** Of the train part. */
  readonly vocabulary: ActionVocabulary;
  readonly train: ActionTargets;
  readonly validation: ActionTargets;
  readonly test: ActionTargets;
}

/** Splits a snapshot by time. No part depends on a later one. */
export function splitInTime(snapshot: Snapshot, maxCategories: number): SplitTargets {
  const { events, asOf } = snapshot;
  // The split depends on events alone, not on the vocabulary.
  const split = timeSplitOf(events, asOf);
  const vocabulary = actionVocabularyOf(snapshot, split.trainUntil, maxCategories);
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

/** Results of one candidate. */
export interface Trial {
  readonly name: string;
  /** As in `TrainedCandidate`. */
  readonly effort: readonly number[];
  /** Found on validation data. */
  readonly temperatures: Temperatures;
  /** On validation data, calibrated. */
  readonly validation: LossSums;
  /** On test data, before calibration. */
  readonly before: Figures;
  /** On test data, calibrated. */
  readonly after: Figures;
}

/** Returns the mean log-loss over all actions. */
export function meanLossOf({ sums, counts }: LossSums): number {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return total(sums) / total(counts);
}

/** Trains a candidate on train data, calibrates it on validation data, and measures it on test data. */
export async function tryCandidate(
  candidate: Candidate,
  { steps, vocabulary, train, validation, test }: SplitTargets,
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
