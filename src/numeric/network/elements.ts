import type { Numbers } from './numbers';
import { sigmoidOf } from './sigmoid';

/** Slope of the sigmoid form of GELU (Hendrycks & Gimpel 2016, §2): x·σ(1.702·x). */
const geluSlope = 1.702;

/** out = x·σ(1.702·x). */
export function gelu(x: Numbers, out: Numbers): void {
  for (let i = 0; i < x.length; i++) out[i] = x[i] * sigmoidOf(geluSlope * x[i]);
}

/** gradient ← gradient · d gelu(x)/dx, in place. */
export function geluBackward(x: Numbers, gradient: Numbers): void {
  for (let i = 0; i < x.length; i++) {
    const v = geluSlope * x[i];
    const s = sigmoidOf(v);
    gradient[i] *= s * (1 + v * (1 - s));
  }
}

/** out = max(x, 0). */
export function relu(x: Numbers, out: Numbers): void {
  for (let i = 0; i < x.length; i++) out[i] = Math.max(x[i], 0);
}

/** gradient ← gradient where out > 0, else 0; `out` may be the input or the output of relu. */
export function reluBackward(out: Numbers, gradient: Numbers): void {
  for (let i = 0; i < out.length; i++) if (!(out[i] > 0)) gradient[i] = 0;
}

/** out = σ(x). */
export function sigmoid(x: Numbers, out: Numbers): void {
  for (let i = 0; i < x.length; i++) out[i] = sigmoidOf(x[i]);
}

/** out = tanh(x). */
export function tanh(x: Numbers, out: Numbers): void {
  for (let i = 0; i < x.length; i++) out[i] = Math.tanh(x[i]);
}

/** out += x. */
export function addInto(x: Numbers, out: Numbers): void {
  for (let i = 0; i < x.length; i++) out[i] += x[i];
}

/** The finalizer of MurmurHash3 (Appleby 2011) over a Weyl sequence: 32 random bits per index. */
function hashOf(seed: number, place: number): number {
  let h = (Math.imul(place, 0x9e3779b9) + seed) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Dropout by a hash of (seed, first + i): x[i] ← x[i] / (1 - rate) where the hash keeps i, else 0. The mask is the same on
 * any thread and in the backward pass.
 *
 * @param rate - 0 ≤ rate < 1
 */
export function dropout(x: Numbers, rate: number, seed: number, first: number): void {
  if (rate <= 0) return;
  const single = Math.fround(rate);
  const threshold = Math.trunc(single * 16777216);
  const scale = Math.fround(1 / Math.fround(1 - single));
  for (let i = 0; i < x.length; i++) x[i] = hashOf(seed, first + i) >>> 8 >= threshold ? x[i] * scale : 0;
}

/**
 * One step of Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019).
 *
 * @param moments - first moments m, then second moments v; twice as long as parameters
 * @param settings - see adamSettings.ts
 */
export function adam(parameters: Numbers, gradients: Numbers, moments: Numbers, settings: Numbers): void {
  const [rate, beta1, beta2, epsilon, decay] = settings;
  const count = parameters.length;
  for (let i = 0; i < count; i++) {
    const g = gradients[i];
    moments[i] = beta1 * moments[i] + (1 - beta1) * g;
    moments[count + i] = beta2 * moments[count + i] + (1 - beta2) * g * g;
    const step = (rate * moments[i]) / (Math.sqrt(moments[count + i]) + epsilon);
    parameters[i] = (1 - decay) * parameters[i] - step;
  }
}
