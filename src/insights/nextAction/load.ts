import type { Artifact } from '../../artifact/artifact';
import { typeCountOf } from './actions';
import { calibratedForecaster } from './calibrate';
import type { Forecast, Forecaster } from './forecaster';
import type { LikelyCategory, NextActionReading } from './reading';
import { createShopperSteps } from './shopperSteps';
import { servedOf } from './stored';
import { type ActionVocabulary, categorySeparator } from './vocabulary';

/** A forecaster with the vocabulary of its actions, categories and prices. */
export interface LoadedForecaster {
  /** As in {@link NextActionReading}. */
  readonly servedBy: string;
  /** Calibrated. Takes the steps that `createStepReader` makes of events. */
  readonly forecaster: Forecaster;
  /** Entry i of `categories` is category i + 1 of the forecaster. */
  readonly vocabulary: ActionVocabulary;
}

/**
 * Loads the forecaster of an artifact.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite
 */
export function loadForecaster(artifact: Artifact): LoadedForecaster {
  const { candidate, servedBy, vocabulary, temperatures } = servedOf(artifact);
  const forecaster = candidate.load(artifact, typeCountOf(vocabulary.actions));
  return { servedBy, forecaster: calibratedForecaster(forecaster, temperatures), vocabulary };
}

const categoriesOf = ({ categories }: Forecast, vocabulary: ActionVocabulary): readonly LikelyCategory[] =>
  categories.map(({ category, probability }) => ({
    path: vocabulary.categories[category - 1]?.split(categorySeparator) ?? [],
    probability,
  }));

/** Returns what serving uses of a forecaster. */
export function readingOf({ servedBy, forecaster, vocabulary }: LoadedForecaster): NextActionReading {
  return {
    servedBy,
    actions: vocabulary.actions,
    openShopper() {
      const steps = createShopperSteps(vocabulary);
      const state = forecaster.open();
      return {
        take(event, product) {
          const step = steps(event, product);
          if (step !== null) forecaster.step(state, step);
        },
        forecast() {
          const forecast = forecaster.forecast(state);
          return { ...forecast, categories: categoriesOf(forecast, vocabulary) };
        },
      };
    },
  };
}

/** As {@link loadForecaster}, for serving. @throws {GatewayError} ARTIFACT_DAMAGED */
export const loadNextAction = (artifact: Artifact): NextActionReading => readingOf(loadForecaster(artifact));
