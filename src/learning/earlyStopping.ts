import type { NetworkParameters } from './gradients';

/** Keeps the parameters of the best epoch. */
export interface EarlyStopping {
  /** Takes the validation loss after an epoch. Returns whether training goes on. NaN counts as no better. */
  isWorthwhile(epoch: number, loss: number): boolean;
  /** Sets the parameters to those of the best epoch. Returns how many epochs it took; 0 if none was better than the start. */
  restore(): number;
}

const arraysOf = ({ dense, tables }: NetworkParameters): readonly Float32Array[] => [
  dense,
  ...tables.map(({ values }) => values),
];

/**
 * Stops after `patience` epochs without a lower validation loss.
 *
 * @param patience - epochs, at least 1
 */
export function createEarlyStopping(parameters: NetworkParameters, patience: number): EarlyStopping {
  const arrays = arraysOf(parameters);
  const best = arrays.map(array => array.slice());
  let [bestLoss, bestEpochs] = [Number.POSITIVE_INFINITY, 0];
  return {
    isWorthwhile(epoch, loss) {
      if (!(loss < bestLoss)) return epoch + 1 - bestEpochs < patience;
      [bestLoss, bestEpochs] = [loss, epoch + 1];
      for (const [index, array] of arrays.entries()) best[index].set(array);
      return true;
    },
    restore() {
      for (const [index, array] of arrays.entries()) array.set(best[index]);
      return bestEpochs;
    },
  };
}
