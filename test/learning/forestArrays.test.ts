import type { Artifact } from '../../src/artifact/artifact';
import { GatewayError } from '../../src/domain/errors';
import { forestArrays, forestOf } from '../../src/learning/forestArrays';
import { boostTrees } from '../../src/numeric/trees/boostTrees';
import type { Forest } from '../../src/numeric/trees/forest';

const settings = {
  rounds: 3,
  learningRate: 0.3,
  leaves: 4,
  minHessian: 0.1,
  l2: 1,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  patience: 3,
};

async function grow(isCategorical: boolean): Promise<Forest> {
  const values = Float32Array.from({ length: 200 }, (_, cell) =>
    cell % 2 === 0 ? (cell / 2) % 5 : Math.sin(cell),
  );
  const labels = Uint8Array.from({ length: 100 }, (_, row) => Number(row % 5 === 1 || row % 5 === 3));
  const categorical = new Set(isCategorical ? [0] : []);
  const train = { rows: 100, columns: 2, values, labels, categorical };
  return (await boostTrees({ train, classes: 2, settings, seed: 1 })).forest;
}

function artifactOf(forest: Forest, change: Record<string, Uint32Array> = {}): Artifact {
  const arrays = new Map([...forestArrays('trees/x', forest), ...Object.entries(change)]);
  return { header: { model: 'test' }, arrays } as unknown as Artifact;
}

describe('forestOf', () => {
  it.each([true, false])('reads what forestArrays wrote, categories: %s', async isCategorical => {
    const forest = await grow(isCategorical);
    expect('categories' in forest).toBe(isCategorical);
    expect(forestOf(artifactOf(forest), 'trees/x', 1, 2)).toEqual(forest);
  });

  it('returns null where the artifact has no such forest', async () => {
    expect(forestOf(artifactOf(await grow(false)), 'trees/y', 1, 2)).toBeNull();
  });

  it.each([
    ['codeStarts', Uint32Array.of(0, 9, 9)],
    ['setStarts', Uint32Array.of(0)],
    ['sets', Uint32Array.of(1)],
    ['left', new Uint32Array(1000)],
  ])('refuses damaged %s', async (part, array) => {
    const artifact = artifactOf(await grow(true), { [`trees/x/${part}`]: array });
    expect(() => forestOf(artifact, 'trees/x', 1, 2)).toThrow(GatewayError);
  });
});
