import { createNetwork, type Network, shardGradientsOf } from '../../../src/models/twoTower/network';
import type { Tables } from '../../../src/models/twoTower/parameters';
import { computeGradients, lossOfBatch } from '../../../src/models/twoTower/step';
import { createRng } from '../../../src/numeric/rng';
import { createArena } from '../../../src/numeric/wasm/arena';
import { tableGradients } from '../../learning/tableGradients';

/** Six products, of which all but the first have features; two histories that share products. */
function smallNetwork(): Network {
  const network = createNetwork(createArena(), {
    shape: { products: 6, buckets: 5, columns: 8 },
    batchShape: { batchSize: 2, negatives: 16, maxLength: 3 },
    temperature: 0.5,
    features: { offsets: Uint32Array.of(0, 0, 2, 3, 5, 6, 8), rows: Uint32Array.of(0, 1, 2, 0, 3, 4, 1, 2) },
  });
  const rng = createRng(5);
  for (const table of Object.values(network.parameters) as Float32Array[]) {
    for (let at = 0; at < table.length; at++) table[at] = 0.5 * rng.gaussian();
  }
  const { batch } = network;
  batch.size = 2;
  batch.itemCount = 6;
  batch.items.set([4, 2, 0, 1, 3, 5]);
  batch.hasOwn.set([1, 0, 1, 1, 1, 0]);
  batch.offsets.set([0, 3, 4]);
  batch.places.set([0, 1, 3, 1]);
  batch.targetItems.set([2, 4]);
  network.targets.set([0, 3]);
  for (let at = 0; at < 16; at++) {
    batch.negativeItems[at] = at % 6;
    network.negatives[at] = batch.items[at % 6];
    network.corrections[at] = 0.1 * (at % 3);
  }
  return network;
}

const names = [
  'ids',
  'features',
  'hidden',
  'bias',
  'out',
  'query',
  'age',
] as const satisfies readonly (keyof Tables)[];

/** Gradients of the last batch by table. */
function gradientsOf(network: Network): Tables {
  const { shape, gradients } = network;
  const [ids, features] = shardGradientsOf(network).rows;
  return {
    ...gradients.tables,
    ids: tableGradients(ids, shape.products, shape.columns),
    features: tableGradients(features, shape.buckets, shape.columns),
  };
}

describe('the gradients of a batch', () => {
  it.each(names)('equal finite differences: %s', name => {
    const network = smallNetwork();
    computeGradients(network);
    const gradient = gradientsOf(network)[name].slice();
    const table = network.parameters[name];
    const size = 2e-3;
    for (let at = 0; at < table.length; at++) {
      const before = table[at];
      const [above, below] = [size, -size].map(change => {
        table[at] = before + change;
        return lossOfBatch(network);
      });
      table[at] = before;
      expect(Math.abs(gradient[at] - (above - below) / (2 * size))).toBeLessThan(1.5e-3);
    }
    expect(gradient.some(value => Math.abs(value) > 0.01)).toBe(true);
  });

  it('leave out the id embedding of a product that is represented by its features only', () => {
    const network = smallNetwork();
    computeGradients(network);
    const { ids } = gradientsOf(network);
    for (const row of [2, 5])
      expect(ids.subarray(row * 8, row * 8 + 8).every(value => value === 0)).toBe(true);
  });
});
