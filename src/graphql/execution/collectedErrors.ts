import type { GraphQLError, GraphQLResolveInfo } from 'graphql';

/** Position in the response. */
export type Path = GraphQLResolveInfo['path'];

/** Errors of one execution. */
export class CollectedErrors {
  readonly errors: GraphQLError[] = [];
  readonly #nulled = new Set<Path | undefined>();

  /**
   * Adds an error, unless its position or one above is null already because of another error.
   *
   * @param path - the position that becomes null; undefined for the whole response
   */
  add(error: GraphQLError, path: Path | undefined): void {
    for (let at = path; at !== undefined; at = at.prev) if (this.#nulled.has(at)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.errors.push(error);
  }
}
