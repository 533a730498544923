import type { ThreadTask } from '../numeric/threadPool';
import type { Insight } from './insight';
import { interestTags } from './interestTags/insight';
import type { InterestTagsStores } from './interestTags/save';
import { nextAction } from './nextAction/insight';

/** What insights save through after publication, joined with &. The store's ports satisfy it. */
export type InsightStores = InterestTagsStores;

/** An insight that training can run. */
export type RegisteredInsight = Insight<unknown, InsightStores>;

/** Every insight, in the order of training. Adding one: a folder, a line here, a card in docs/models/, a conformance line. */
export const insights: readonly RegisteredInsight[] = [interestTags, nextAction];

/** Everything that insights run on worker threads, by the name it is posted under. */
export const insightTasks: Readonly<Record<string, ThreadTask>> = Object.fromEntries(
  insights.flatMap(({ threadTasks }) => Object.entries(threadTasks)),
);

/** The insight of a name; undefined for any other name. */
export const findInsight = (name: string): RegisteredInsight | undefined =>
  insights.find(({ card }) => card.name === name);
