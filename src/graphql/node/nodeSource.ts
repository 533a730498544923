import type { AccessRule } from '../access/access';
import type { GraphqlContext } from '../request/context';
import { parseGlobalId } from './globalId';
import type { NodeType } from './node.type';

/** How the global ids of one object type are resolved. Each noun declares its own in `<noun>.node.ts`. */
export interface NodeSource {
  /** Name of the object type: the first part of its global ids. */
  readonly kind: string;
  /** Roles that may read such a node; for others it does not exist, regardless of the selected fields. */
  readonly roles: AccessRule;
  /** Returns null when there is no such node, or when the caller may not see it. */
  readonly read: (id: string, context: GraphqlContext) => Promise<NodeType | null>;
}

/** Returns the node of a global id. Null when there is none, or when the caller may not see it. */
export type NodeReader = (globalId: string, context: GraphqlContext) => Promise<NodeType | null>;

/**
 * Combines the sources of all nouns.
 *
 * @throws {Error} when two sources have the same kind
 */
export function createNodeReader(sources: readonly NodeSource[]): NodeReader {
  const sourceByKind = new Map(sources.map(source => [source.kind, source]));
  const twice = sources.find(source => sourceByKind.get(source.kind) !== source);
  if (twice !== undefined)
    throw new Error(`Expected one node source per kind; got two for ${twice.kind}. Remove one.`);
  return async (globalId, context) => {
    const parsed = parseGlobalId(globalId);
    const source = parsed === null ? undefined : sourceByKind.get(parsed.kind);
    if (parsed === null || source === undefined || !source.roles.includes(context.principal.role))
      return null;
    return source.read(parsed.id, context);
  };
}
