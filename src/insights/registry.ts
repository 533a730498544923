import { GatewayError } from '../domain/errors';
import type { Settings } from '../learning/settings';
import type { ThreadTask } from '../numeric/threadPool';
import type { Insight } from './insight';
import { interestTags } from './interestTags/model';
import { interestTagsSettings } from './interestTags/settings';
import { nextAction } from './nextAction/insight';
import { nextActionTasks } from './nextAction/network/tasks';
import { nextActionSettings } from './nextAction/settings';

/** How to make one kind of insight. */
export interface InsightFactory {
  /** As on the insight's card. */
  readonly name: string;
  /** What can be set, and how far. */
  readonly settings: Settings;
  /** @throws {GatewayError} BAD_USER_INPUT on a setting the insight does not have or a value out of range */
  create(overrides?: Readonly<Record<string, number>>): Insight;
}

/** Every insight there is, in the order they are trained. Adding one: a folder, a line here, its card in docs/models/. */
export const insightFactories: readonly InsightFactory[] = [
  { name: 'interest-tags', settings: interestTagsSettings, create: interestTags },
  { name: 'next-action', settings: nextActionSettings, create: nextAction },
];

/** Everything that insights run on worker threads, by the name it is posted under. */
export const insightTasks: Readonly<Record<string, ThreadTask>> = { ...nextActionTasks };

/** Insights that a shop gets when nobody says. */
export const defaultInsights: readonly string[] = insightFactories.map(({ name }) => name);

/** Whether a name is that of an insight, not of a model. */
export const isInsight = (name: string): boolean => insightFactories.some(factory => factory.name === name);

/**
 * An insight by its name.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a name or a setting that is not known (the message lists those that are)
 */
export function insightByName(name: string, overrides?: Readonly<Record<string, number>>): Insight {
  const factory = insightFactories.find(candidate => candidate.name === name);
  if (factory) return factory.create(overrides);
  const known = insightFactories.map(candidate => candidate.name).join(', ');
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected an insight among ${known}; got ${name}. Choose one of these.`,
    { insight: name },
  );
}
