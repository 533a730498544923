import { readers } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { readTag } from './interestTag.resolver';

/** Resolves global ids of interest tags. */
export const interestTagNode: NodeSource = { kind: 'InterestTag', roles: readers, read: readTag };
