import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLList,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { type RejectedRow, rejectRow, rowIdFieldOf } from './batchRow';
import { maxBatchRows } from './checkRows';
import { problemOfRow } from './rowProblem';

type Values = Readonly<Record<string, unknown>>;

const isObjectOrList = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isObject = (value: unknown): value is Values => isObjectOrList(value) && !Array.isArray(value);

/** A row that was taken out. */
interface TakenRow {
  /** Names of the variable and of the fields that lead to the list, or to the row that is in none. */
  readonly path: readonly string[];
  /** Position in the list; null for a variable that is one row. */
  readonly index: number | null;
  readonly row: RejectedRow;
}

/**
 * Takes the rows of batches that cannot be processed out of variables, so that the others can be coerced, and puts what
 * stands for them into the coerced variables. A list with more rows than a batch may have stays as it is.
 */
export class RowTaker {
  readonly #taken: TakenRow[] = [];

  /** Whether rows were taken out. */
  get hasRows(): boolean {
    return this.#taken.length > 0;
  }

  /** Whether more rows fail than one batch may have. Each costs an error of graphql-js, so the others are not looked at. */
  get isFull(): boolean {
    return this.#taken.length > maxBatchRows;
  }

  /** Returns whether a variable is one row, which was taken out. */
  hasTaken(variable: string): boolean {
    return this.#taken.some(({ path, index }) => index === null && path[0] === variable);
  }

  /**
   * Returns a value without the rows that cannot be processed; undefined for a variable that is one of them.
   *
   * @param path - names of the variable and of the fields that lead to the value
   */
  takeOut(given: GraphQLInputType, value: unknown, path: readonly string[]): unknown {
    const type = getNullableType(given);
    if (isListType(type)) return this.#takeOutOfList(type, value, path);
    if (!isInputObjectType(type) || value === undefined || value === null) return value;
    const idField = rowIdFieldOf(type);
    if (idField === null) return isObject(value) ? this.#takeOutOfFields(type, value, path) : value;
    const problem = problemOfRow(value, type, path.length);
    if (problem === null) return value;
    this.#taken.push({ path, index: null, row: rejectRow(value, idField, problem) });
    return undefined;
  }

  /** Puts the rejected rows to their places. */
  putBack(coerced: Record<string, unknown>): void {
    for (const { path, index, row } of this.#taken) {
      if (index === null) coerced[path[0]] = row;
      else {
        const list = path.reduce<unknown>((value, name) => (value as Values)[name], coerced);
        (list as unknown[]).splice(index, 0, row);
      }
    }
  }

  #takeOutOfFields(type: GraphQLInputObjectType, value: Values, path: readonly string[]): Values {
    const fields = Object.values(type.getFields()).filter(({ name }) => isObjectOrList(value[name]));
    const changed = fields.flatMap(field => {
      const inner = value[field.name];
      const rest = this.takeOut(field.type, inner, [...path, field.name]);
      return rest === inner ? [] : [[field.name, rest] as const];
    });
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  }

  #takeOutOfList(
    { ofType }: GraphQLList<GraphQLInputType>,
    value: unknown,
    path: readonly string[],
  ): unknown {
    const rowType = getNamedType(ofType);
    const idField = isInputObjectType(rowType) ? rowIdFieldOf(rowType) : null;
    // GraphQL accepts the only row of a list without the list; what is no row either is an error of the whole call.
    if (idField === null || !isObjectOrList(value)) return value;
    const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (rows.length > maxBatchRows) return value;
    const depth = path.length + Number(Array.isArray(value));
    const kept = rows.filter((row, index) => {
      if (this.isFull) return true;
      const problem = problemOfRow(row, ofType, depth);
      if (problem !== null) this.#taken.push({ path, index, row: rejectRow(row, idField, problem) });
      return problem === null;
    });
    return kept.length === rows.length ? value : kept;
  }
}
