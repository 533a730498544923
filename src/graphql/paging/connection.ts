import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { Page, PageCursor } from '../../store/ports/page';
import { encodeCursor } from './cursor';

/** Position of a page in its connection (Relay cursor connections). */
@ObjectType({ simpleResolvers: true, description: 'Position of a page in its connection.' })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are rows after this page.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether there are rows before this page. True when `after` was given.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row. Null on an empty page.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row. Pass it as `after` to get the next page. Null on an empty page.',
  })
  readonly endCursor!: string | null;
}

/** One row of a connection, with its cursor. */
export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** Value of a connection field. */
export interface Connection<Node> {
  readonly pageInfo: PageInfo;
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
}

/** A page of rows, and how to convert it to a connection. */
export interface ConnectionSource<Row, Node> {
  /** Name of the connection, which its cursors contain. */
  readonly kind: string;
  readonly page: Page<Row>;
  readonly isFirstPage: boolean;
  readonly cursorOf: (row: Row) => PageCursor;
  readonly nodeOf: (row: Row) => Node;
}

/**
 * Converts a page to a connection. Edges and cursors are created only when a query selects them; most queries select
 * `nodes`.
 */
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

/** The two object types of a connection. */
export interface ConnectionTypes<Node> {
  readonly Connection: ClassType<Connection<Node>>;
  readonly Edge: ClassType<Edge<Node>>;
}

/**
 * Declares `<name>Connection` and `<name>Edge`.
 *
 * @param noun - name of one row in the descriptions, such as "product"
 */
export function connectionTypes<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
  noun: string,
): ConnectionTypes<Node> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${noun} of a connection.` })
  class EdgeType implements Edge<Node> {
    @Field(() => String, { description: 'Cursor of the row. Pass it as `after` to continue after this row.' })
    readonly cursor!: string;

    @Field(node, { description: `The ${noun}.` })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${noun} rows.` })
  class ConnectionType implements Connection<Node> {
    @Field(() => PageInfo, { description: 'Position of the page in the connection.' })
    readonly pageInfo!: PageInfo;

    @Field(() => [EdgeType], { description: 'Rows with their cursors.' })
    readonly edges!: readonly Edge<Node>[];

    @Field(() => [node()], { description: 'Rows without cursors.' })
    readonly nodes!: readonly Node[];
  }
  return { Connection: ConnectionType, Edge: EdgeType };
}
