import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { Page, PageCursor } from '../../store/ports/page';
import { encodeCursor } from './cursor';

/** Where a page lies in its connection (Relay cursor connections). */
@ObjectType({ simpleResolvers: true, description: 'Where a page lies in its connection.' })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether more rows follow this page.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether rows come before this page: true when `after` was given.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row; give it as `after`.' })
  readonly endCursor!: string | null;
}

/** One row of a connection with its cursor. */
export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** What a connection field answers. */
export interface Connection<Node> {
  readonly pageInfo: PageInfo;
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
}

/** What to make a connection of. */
export interface ConnectionSource<Row, Node> {
  /** Name of the connection in its cursors. */
  readonly kind: string;
  readonly page: Page<Row>;
  readonly isFirstPage: boolean;
  readonly cursorOf: (row: Row) => PageCursor;
  readonly nodeOf: (row: Row) => Node;
}

/** Edges and cursors are made only when a query selects them: most select `nodes`. */
export function toConnection<Row, Node>(source: ConnectionSource<Row, Node>): Connection<Node> {
  const { kind, page, isFirstPage, cursorOf, nodeOf } = source;
  const { rows, hasNext } = page;
  const cursor = (row: Row) => encodeCursor(kind, cursorOf(row));
  return {
    get pageInfo() {
      return {
        hasNextPage: hasNext,
        hasPreviousPage: !isFirstPage,
        startCursor: rows.length > 0 ? cursor(rows[0]) : null,
        endCursor: rows.length > 0 ? cursor(rows[rows.length - 1]) : null,
      };
    },
    get edges() {
      return rows.map(row => ({ cursor: cursor(row), node: nodeOf(row) }));
    },
    get nodes() {
      return rows.map(nodeOf);
    },
  };
}

/** The same connection with each node mapped through a batch read. */
export interface ConnectionTypes<Node> {
  readonly Connection: ClassType<Connection<Node>>;
  readonly Edge: ClassType<Edge<Node>>;
}

/**
 * Declares `<name>Connection` and `<name>Edge`.
 *
 * @param noun - what one row is, for the descriptions: "product"
 */
export function connectionTypes<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
  noun: string,
): ConnectionTypes<Node> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${noun} of a connection.` })
  class EdgeType implements Edge<Node> {
    @Field(() => String, { description: 'Place of the row: give it as `after` to continue behind it.' })
    readonly cursor!: string;

    @Field(node, { description: `The ${noun}.` })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${noun} rows.` })
  class ConnectionType implements Connection<Node> {
    @Field(() => PageInfo, { description: 'Where the page lies.' })
    readonly pageInfo!: PageInfo;

    @Field(() => [EdgeType], { description: 'The rows with their cursors.' })
    readonly edges!: readonly Edge<Node>[];

    @Field(() => [node()], { description: 'The rows alone.' })
    readonly nodes!: readonly Node[];
  }
  return { Connection: ConnectionType, Edge: EdgeType };
}
