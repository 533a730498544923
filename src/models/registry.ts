import { GatewayError } from '../domain/errors';
import { collaborative } from './collaborative/model';
import { collaborativeSettings } from './collaborative/settings';
import { itemNeighbours } from './itemNeighbours/model';
import { itemNeighboursSettings } from './itemNeighbours/settings';
import type { Model } from './model';
import { popularity } from './popularity/model';
import type { Settings } from './settings';
import { trending, trendingSettings } from './trending/model';

/** How to make one kind of model. */
export interface ModelFactory {
  /** As on the model's card. */
  readonly name: string;
  /** What can be set, and how far. */
  readonly settings: Settings;
  /** @throws {GatewayError} BAD_USER_INPUT on a setting the model does not have or a value out of range */
  create(overrides?: Readonly<Record<string, number>>): Model;
}

/** Every model there is. Adding one: a folder, a line here, its card in docs/models/, its line in the conformance test. */
export const modelFactories: readonly ModelFactory[] = [
  { name: 'popularity', settings: {}, create: popularity },
  { name: 'trending', settings: trendingSettings, create: trending },
  { name: 'item-neighbours', settings: itemNeighboursSettings, create: itemNeighbours },
  { name: 'collaborative', settings: collaborativeSettings, create: collaborative },
];

/**
 * A model by its name.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a name or a setting that is not known (the message lists those that are)
 */
export function modelByName(name: string, overrides?: Readonly<Record<string, number>>): Model {
  const factory = modelFactories.find(candidate => candidate.name === name);
  if (factory) return factory.create(overrides);
  const known = modelFactories.map(candidate => candidate.name).join(', ');
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a model among ${known}; got ${name}. Choose one of these.`,
    {
      model: name,
    },
  );
}
