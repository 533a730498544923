// A text as the mean of its words' vectors, as in StarSpace (Wu et al. 2018) and fastText. The baseline of the other kinds.
import { floatsAt, type Pass } from './pass';

/** pooled ← mean of the rows of each text. @param rows - address of rows with as many columns as the pooled vector */
export function meanPool(pass: Pass, rows: number): void {
  const { shape, starts, texts, tokens } = pass;
  const d = shape.dimensions;
  const from = floatsAt(pass, rows, tokens * d);
  const to = floatsAt(pass, pass.pooled, texts * d);
  to.fill(0);
  for (let text = 0; text < texts; text++) {
    const scale = 1 / Math.max(1, starts[text + 1] - starts[text]);
    for (let token = starts[text]; token < starts[text + 1]; token++) {
      for (let k = 0; k < d; k++) to[text * d + k] += scale * from[token * d + k];
    }
  }
}

/** Gradients of rows ← those of their mean. */
export function meanPoolBackward(pass: Pass, rowGradients: number): void {
  const { shape, starts, texts, tokens } = pass;
  const d = shape.dimensions;
  const from = floatsAt(pass, pass.pooledGradients, texts * d);
  const to = floatsAt(pass, rowGradients, tokens * d);
  for (let text = 0; text < texts; text++) {
    const scale = 1 / Math.max(1, starts[text + 1] - starts[text]);
    for (let token = starts[text]; token < starts[text + 1]; token++) {
      for (let k = 0; k < d; k++) to[token * d + k] = scale * from[text * d + k];
    }
  }
}

/** Forward pass. */
export const readBag = (pass: Pass): void => meanPool(pass, pass.words);
/** Backward pass. */
export const readBagBackward = (pass: Pass): void => meanPoolBackward(pass, pass.wordGradients);
