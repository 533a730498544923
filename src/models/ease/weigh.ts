import { type Csr, transposeCsr } from '../../numeric/csr';
import type { EaseConfig } from './settings';

/** The least-squares problem, independent of the solver. */
export interface Problem {
  /** √C·X, users × products. */
  readonly byUser: Csr;
  /** Its transpose. */
  readonly byProduct: Csr;
  /** Diagonal of XᵀCX: amount of data of each product. */
  readonly known: Float32Array;
  /** Λ; 1 for products without data, so that the matrix can be inverted and they get no links. */
  readonly ridge: Float32Array;
  /** Factor of the links to each product: (users who like it)^q, 0 without such users. */
  readonly scale: Float32Array;
}

/** Returns √c_u·x_u for every user. */
function damped(strengths: Csr, damping: number): Csr {
  const values = strengths.values.slice();
  for (let user = 0; user < strengths.rows; user++) {
    const [start, end] = [strengths.indptr[user], strengths.indptr[user + 1]];
    let mass = 0;
    for (let entry = start; entry < end; entry++) mass += Math.abs(values[entry]);
    const factor = mass === 0 ? 0 : mass ** (-damping / 2);
    for (let entry = start; entry < end; entry++) values[entry] *= factor;
  }
  return { ...strengths, values };
}

/** Weighs users and products: see train.ts for the notation. */
export function problemOf(strengths: Csr, config: EaseConfig): Problem {
  const { regularization, regularizationExponent, popularityExponent } = config;
  const byUser = damped(strengths, config.userDamping);
  const known = new Float64Array(strengths.columns);
  const masses = new Float64Array(strengths.columns);
  for (let entry = 0; entry < strengths.indices.length; entry++) {
    const product = strengths.indices[entry];
    known[product] += byUser.values[entry] ** 2;
    masses[product] += Math.abs(strengths.values[entry]);
  }
  return {
    byUser,
    byProduct: transposeCsr(byUser),
    known: Float32Array.from(known),
    ridge: Float32Array.from(known, value =>
      value === 0 ? 1 : regularization * value ** regularizationExponent,
    ),
    scale: Float32Array.from(masses, mass => (mass === 0 ? 0 : mass ** popularityExponent)),
  };
}
