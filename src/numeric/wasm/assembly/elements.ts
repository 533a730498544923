import { F } from './simd';

/**
 * eˣ of four lanes to 2 units in the last place (Cephes expf: x = n·ln 2 + r, a polynomial in r, n added to the
 * exponent). Clamped to [e^-87, e^88]: neither 0 nor infinite.
 */
@inline export function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(1.9875691500e-4)), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/**
 * Natural logarithm of four normal positive numbers to 2 units in the last place (Cephes logf: the mantissa is scaled to
 * [√½, √2) and the exponent added). AssemblyScript's own logarithm has a table, which would lie in memory that arenas
 * allocate.
 */
@inline export function log4(x: v128): v128 {
  const half = f32x4.splat(0.5), one = f32x4.splat(1);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), half);
  const isLow = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(one, isLow));
  m = f32x4.add(f32x4.sub(m, one), v128.and(m, isLow));
  const z = f32x4.mul(m, m);
  let p = f32x4.add(f32x4.mul(f32x4.splat(7.0376836292e-2), m), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(half, z));
  return f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375)));
}

/** 1 / (1 + e⁻ˣ). */
@inline export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** Slope of the sigmoid form of GELU (Hendrycks & Gimpel 2016, §2): x·σ(1.702·x). */
const geluSlope: f32 = 1.702;

/** out = x·σ(1.702·x), `count` floats, a multiple of 4. */
export function gelu(x: usize, count: i32, out: usize): void {
  const end = x + (<usize>count) * F;
  for (; x < end; x += 16, out += 16) {
    const v = v128.load(x);
    v128.store(out, f32x4.mul(v, sigmoid4(f32x4.mul(v, f32x4.splat(geluSlope)))));
  }
}

/** gradient ← gradient · d gelu(x)/dx, in place. */
export function geluBackward(x: usize, count: i32, gradient: usize): void {
  const end = x + (<usize>count) * F;
  const one = f32x4.splat(1);
  for (; x < end; x += 16, gradient += 16) {
    const v = f32x4.mul(v128.load(x), f32x4.splat(geluSlope));
    const s = sigmoid4(v);
    const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(v, f32x4.sub(one, s))));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

/** out = max(x, 0). */
export function relu(x: usize, count: i32, out: usize): void {
  const end = x + (<usize>count) * F;
  for (; x < end; x += 16, out += 16) v128.store(out, f32x4.max(v128.load(x), f32x4.splat(0)));
}

/** gradient ← gradient where out > 0, else 0; `out` may be the input or the output of relu. */
export function reluBackward(out: usize, count: i32, gradient: usize): void {
  const end = out + (<usize>count) * F;
  for (; out < end; out += 16, gradient += 16) {
    v128.store(gradient, v128.and(v128.load(gradient), f32x4.gt(v128.load(out), f32x4.splat(0))));
  }
}

/** out = σ(x). */
export function sigmoid(x: usize, count: i32, out: usize): void {
  const end = x + (<usize>count) * F;
  for (; x < end; x += 16, out += 16) v128.store(out, sigmoid4(v128.load(x)));
}

/** out = tanh(x) = 2·σ(2·x) - 1. */
export function tanh(x: usize, count: i32, out: usize): void {
  const end = x + (<usize>count) * F;
  const two = f32x4.splat(2);
  for (; x < end; x += 16, out += 16) {
    const s = sigmoid4(f32x4.mul(v128.load(x), two));
    v128.store(out, f32x4.sub(f32x4.mul(two, s), f32x4.splat(1)));
  }
}

/** out += x. */
export function addInto(x: usize, count: i32, out: usize): void {
  const end = x + (<usize>count) * F;
  for (; x < end; x += 16, out += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(x)));
}

/**
 * Dropout: x[i] ← x[i] / (1 - rate) where a hash of (seed, first + i) keeps i, else 0. The hash is the finalizer of
 * MurmurHash3 (Appleby 2011) over a Weyl sequence, so the mask is the same on any thread and in the backward pass.
 */
export function dropout(x: usize, count: i32, rate: f32, seed: i32, first: i32): void {
  if (rate <= 0) return;
  const threshold = i32x4.splat(<i32>(rate * 16777216));
  const scale = f32x4.splat(<f32>1 / (<f32>1 - rate));
  const step = i32x4.splat(4);
  const key = i32x4.splat(seed);
  let at = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  const end = x + (<usize>count) * F;
  for (; x < end; x += 16) {
    let h = i32x4.add(i32x4.mul(at, i32x4.splat(0x9e3779b9)), key);
    h = v128.xor(h, i32x4.shr_u(h, 16));
    h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
    h = v128.xor(h, i32x4.shr_u(h, 13));
    h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
    h = v128.xor(h, i32x4.shr_u(h, 16));
    const kept = i32x4.ge_s(i32x4.shr_u(h, 8), threshold);
    v128.store(x, v128.and(f32x4.mul(v128.load(x), scale), kept));
    at = i32x4.add(at, step);
  }
}

/**
 * One step of Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019). `moments` is the first
 * moments m[count], then the second moments v[count]; `settings` is [rate with bias corrections, β₁, β₂, ε, decay].
 */
export function adam(parameters: usize, gradients: usize, moments: usize, count: i32, settings: usize): void {
  const rate = v128.load_splat<f32>(settings), beta1 = v128.load_splat<f32>(settings, 4);
  const beta2 = v128.load_splat<f32>(settings, 8), epsilon = v128.load_splat<f32>(settings, 12);
  const kept = f32x4.sub(f32x4.splat(1), v128.load_splat<f32>(settings, 16));
  const rest1 = f32x4.sub(f32x4.splat(1), beta1), rest2 = f32x4.sub(f32x4.splat(1), beta2);
  const bytes = (<usize>count) * F;
  const secondMoments = moments + bytes;
  for (let k: usize = 0; k < bytes; k += 16) {
    const g = v128.load(gradients + k);
    const m = f32x4.add(f32x4.mul(beta1, v128.load(moments + k)), f32x4.mul(rest1, g));
    const v = f32x4.add(f32x4.mul(beta2, v128.load(secondMoments + k)), f32x4.mul(rest2, f32x4.mul(g, g)));
    v128.store(moments + k, m);
    v128.store(secondMoments + k, v);
    const step = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(v), epsilon));
    v128.store(parameters + k, f32x4.sub(f32x4.mul(kept, v128.load(parameters + k)), step));
  }
}
