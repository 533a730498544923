import fc from 'fast-check';
import { eigenSymmetric } from '../../src/numeric/eigenSymmetric';
import { createRng } from '../../src/numeric/rng';

/** B·Bᵀ for a random B of the given rank: symmetric, with n - rank eigenvalues of zero. */
function gramOf(n: number, rank: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const b = Float64Array.from({ length: n * rank }, () => rng.gaussian());
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[row * rank + k] * b[column * rank + k];
    return sum;
  });
}

/** Largest |A - Q·Λ·Qᵀ| and |Qᵀ·Q - I|. */
function errorsOf(matrix: Float64Array, n: number): { decomposition: number; orthogonality: number } {
  const { values, vectors } = eigenSymmetric(matrix, n);
  let decomposition = 0;
  let orthogonality = 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      let [rebuilt, product] = [0, 0];
      for (let k = 0; k < n; k++) {
        rebuilt += values[k] * vectors[k * n + row] * vectors[k * n + column];
        product += vectors[row * n + k] * vectors[column * n + k];
      }
      decomposition = Math.max(decomposition, Math.abs(rebuilt - matrix[row * n + column]));
      orthogonality = Math.max(orthogonality, Math.abs(product - Number(row === column)));
    }
  }
  return { decomposition, orthogonality };
}

describe('eigenSymmetric', () => {
  it('reconstructs random matrices, including singular ones and sizes 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(24), fc.nat(24), fc.nat(), (n, rank, seed) => {
        const { decomposition, orthogonality } = errorsOf(gramOf(n, rank, seed), n);
        expect(decomposition).toBeLessThan(1e-11);
        expect(orthogonality).toBeLessThan(1e-12);
      }),
      { seed: 5 },
    );
  });

  it('reconstructs a matrix of 130 rows', () => {
    const { decomposition, orthogonality } = errorsOf(gramOf(130, 200, 9), 130);
    expect(decomposition).toBeLessThan(1e-10);
    expect(orthogonality).toBeLessThan(1e-12);
  });

  it('finds the known eigenvalues of the second-difference matrix', () => {
    const n = 12;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const distance = Math.abs(Math.floor(at / n) - (at % n));
      return distance === 0 ? 2 : distance === 1 ? -1 : 0;
    });
    const { values } = eigenSymmetric(matrix, n);
    for (let k = 0; k < n; k++) {
      expect(values[k]).toBeCloseTo(4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2, 12);
    }
  });

  it('returns the diagonal of a diagonal matrix', () => {
    const { values } = eigenSymmetric([3, 0, 0, 0, -1, 0, 0, 0, 2], 3);
    expect([...values]).toEqual([-1, 2, 3]);
  });

  it('rejects non-finite values and non-square matrices', () => {
    expect(() => eigenSymmetric([1, 0, Number.NaN, 1], 2)).toThrow(RangeError);
    expect(() => eigenSymmetric([1, 0, 0], 2)).toThrow(RangeError);
  });
});
