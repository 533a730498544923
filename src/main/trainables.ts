import type { HistorySettings } from '../insights/insight';
import { findInsight, insights } from '../insights/registry';
import { defaultModels, modelByName, modelFactories } from '../models/registry';
import { defaultServingConfig } from '../serving/live/config';
import type { Trainable } from '../training/learner';
import { trainableInsight } from '../training/trainableInsight';
import { trainableModel } from '../training/trainableModel';

const insightNames: readonly string[] = insights.map(({ card }) => card.name);

/** Names of everything that can be trained: models, then insights. */
export const trainableNames: readonly string[] = [...modelFactories.map(({ name }) => name), ...insightNames];

/** Trained by default. */
export const defaultTrainings: readonly string[] = [...defaultModels, ...insightNames];

/** Returns whether a name is an insight's, not a model's. */
export const isInsight = (name: string): boolean => insightNames.includes(name);

/** Returns the model or insight of a name. @throws {GatewayError} BAD_USER_INPUT on an unknown name */
export function trainableByName(name: string): Trainable {
  const insight = findInsight(name);
  return insight === undefined ? trainableModel(modelByName(name), modelByName) : trainableInsight(insight);
}

/** Returns how the gateway reads histories; rows saved after a publication are computed from histories read alike. */
export const historySettings = ({
  interestHalfLifeDays,
}: {
  readonly interestHalfLifeDays: number;
}): HistorySettings => ({
  maxEvents: defaultServingConfig.historyEvents,
  halfLifeDays: interestHalfLifeDays,
});
