import { readers } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { shopperOfViewer, toViewer } from './viewer.type';

/**
 * Resolves global ids of viewers, within the rules of `viewer`: a SHOPPER is its own viewer only, and a MERCHANDISER acts
 * for no shopper.
 */
export const viewerNode: NodeSource = {
  kind: 'Viewer',
  roles: readers,
  async read(id, { principal: { role, userId } }) {
    const shopper = shopperOfViewer(id);
    if (shopper === undefined) return null;
    const isOwn = shopper === userId;
    const mayName = role === 'STOREFRONT' || role === 'ADMIN';
    return isOwn || mayName ? toViewer(role, shopper) : null;
  },
};
