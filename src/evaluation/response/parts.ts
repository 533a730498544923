import { GatewayError } from '../../domain/errors';
import { splitAt, stratifiedFolds } from '../../learning/tabular/stratify';

/** Rows to learn from, and rows to predict. */
export interface Part {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** How rows are divided. */
export type ResponseProtocol =
  | { readonly kind: 'folds'; readonly seed: number }
  | { readonly kind: 'time' }
  /** `trainRows` is where the rows of the test file begin. */
  | { readonly kind: 'file'; readonly trainRows: number };

/** Folds of the protocol `folds`. */
const foldCount = 5;
/** Share of the rows in order of time that is learned from. */
const trainShare = 0.8;
/** Fewest rows of each outcome among those learned from, and one of each among those predicted. */
const minTrainRows = 12;

const count = (labels: Uint8Array, rows: Uint32Array, label: number): number =>
  rows.reduce((sum, row) => sum + Number(labels[row] === label), 0);

/** @throws {GatewayError} EVALUATION_INVALID when a part lacks an outcome */
function checkPart(labels: Uint8Array, { train, test }: Part): void {
  for (const [name, rows, least] of [
    ['training', train, minTrainRows],
    ['test', test, 1],
  ] as const) {
    const fewest = Math.min(count(labels, rows, 0), count(labels, rows, 1));
    if (fewest >= least) continue;
    const expected = `at least ${least} rows of each outcome in the ${name} part`;
    const remedy = 'Give more rows, or leave --split time out.';
    throw new GatewayError('EVALUATION_INVALID', `Expected ${expected}; got ${fewest}. ${remedy}`, {
      expected,
    });
  }
}

/**
 * Divides rows: five stratified folds, each predicted once; the first 80 % and the rest; or two files.
 *
 * @throws {GatewayError} EVALUATION_INVALID when a part lacks an outcome
 */
export function partsOf(labels: Uint8Array, protocol: ResponseProtocol): readonly Part[] {
  const parts = dividedRows(labels, protocol);
  for (const part of parts) checkPart(labels, part);
  return parts;
}

function dividedRows(labels: Uint8Array, protocol: ResponseProtocol): readonly Part[] {
  const rows = Uint32Array.from(labels.keys());
  if (protocol.kind === 'folds') {
    const foldOf = stratifiedFolds(labels, foldCount, protocol.seed);
    return Array.from({ length: foldCount }, (_, fold) => {
      const { inside, outside } = splitAt(foldOf, fold);
      return { train: outside, test: inside };
    });
  }
  const from = protocol.kind === 'time' ? Math.floor(rows.length * trainShare) : protocol.trainRows;
  return [{ train: rows.subarray(0, from), test: rows.subarray(from) }];
}
