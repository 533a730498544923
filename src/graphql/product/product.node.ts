import { toProductId } from '../../domain/ids';
import { readers } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { productByIdLoader } from './product.loader';

/** Resolves global ids of products. */
export const productNode: NodeSource = {
  kind: 'Product',
  roles: readers,
  read: (id, { loader }) => loader(productByIdLoader).load(toProductId(id)),
};
