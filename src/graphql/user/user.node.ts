import { toUserId } from '../../domain/ids';
import { readers } from '../access/access';
import { visibleUser } from '../access/ownership';
import type { NodeSource } from '../node/nodeSource';
import { userByIdLoader } from './user.loader';
import { toUserView } from './user.type';

/** Resolves global ids of users. */
export const userNode: NodeSource = {
  kind: 'User',
  roles: readers,
  async read(id, { principal, loader }) {
    const user = visibleUser(principal, await loader(userByIdLoader).load(toUserId(id)));
    return user === null ? null : toUserView(user);
  },
};
