import type { Rng } from '../rng';

/** Creates a function that returns the n-th column drawn for a node, n from 0 upwards; columns of a node differ. */
export function columnDrawer(columns: number): (drawn: number, rng: Rng) => number {
  const order = Uint32Array.from({ length: columns }, (_, column) => column);
  return (drawn, rng) => {
    const other = drawn + rng.int(columns - drawn);
    const column = order[other];
    order[other] = order[drawn];
    order[drawn] = column;
    return column;
  };
}
