import type { CommitObserver } from '../graphql/request/commitObserver';
import type { Interests } from '../serving/interestTags/interests';
import type { Recommender } from '../serving/recommender';

/** What reacts to writes that arrive over GraphQL. */
export interface ObservedParts {
  readonly interests: Pick<Interests, 'touch'>;
  readonly recommender: Pick<Recommender, 'refreshCatalogue' | 'refreshPolicy'>;
}

/** Lists the observers of committed writes, in the order in which they run. */
export const createCommitObservers = ({
  interests,
  recommender,
}: ObservedParts): readonly CommitObserver[] => [
  {
    name: 'interests',
    eventsCommitted: ({ shopId, interactions }) =>
      interests.touch(shopId, [...new Set(interactions.map(({ userId }) => userId))]),
  },
  { name: 'catalogue', productsCommitted: ({ shopId }) => recommender.refreshCatalogue(shopId) },
  { name: 'policy', policyCommitted: ({ shopId }) => recommender.refreshPolicy(shopId) },
];
