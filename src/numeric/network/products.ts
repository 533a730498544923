import type { Numbers } from './numbers';

/** Dimensions of a matrix product: out is [rows × columns]. */
export interface ProductShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** out += A·B; A [rows × inner], B [inner × columns]. */
export function addMultiply(a: Numbers, b: Numbers, out: Numbers, shape: ProductShape): void {
  const { rows, inner, columns } = shape;
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[row * inner + k];
      for (let column = 0; column < columns; column++) {
        out[row * columns + column] += factor * b[k * columns + column];
      }
    }
  }
}

/** out += A·Bᵀ; A [rows × inner], B [columns × inner]. */
export function addMultiplyTransposed(a: Numbers, b: Numbers, out: Numbers, shape: ProductShape): void {
  const { rows, inner, columns } = shape;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[row * inner + k] * b[column * inner + k];
      out[row * columns + column] += sum;
    }
  }
}

/** out += Aᵀ·B; A [inner × rows], B [inner × columns]. */
export function addTransposedMultiply(a: Numbers, b: Numbers, out: Numbers, shape: ProductShape): void {
  const { rows, inner, columns } = shape;
  for (let k = 0; k < inner; k++) {
    for (let row = 0; row < rows; row++) {
      const factor = a[k * rows + row];
      for (let column = 0; column < columns; column++) {
        out[row * columns + column] += factor * b[k * columns + column];
      }
    }
  }
}
