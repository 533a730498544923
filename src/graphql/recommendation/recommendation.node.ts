import { toListId } from '../../domain/ids';
import { readers } from '../access/access';
import { visibleList } from '../access/ownership';
import type { NodeSource } from '../node/nodeSource';
import { recommendationListByIdLoader } from './recommendation.loader';
import { toRecommendationListView } from './recommendation.type';

/** Resolves global ids of recommendation lists. */
export const recommendationListNode: NodeSource = {
  kind: 'RecommendationList',
  roles: readers,
  async read(id, { principal, loader }) {
    const list = visibleList(principal, await loader(recommendationListByIdLoader).load(toListId(id)));
    return list === null ? null : toRecommendationListView(list);
  },
};
