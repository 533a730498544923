/**
 * Seeded pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand 2010; small fast chaotic, 128 bits of state,
 * period ≥ 2^32), seeded with splitmix32. Not cryptographically secure.
 */
export interface Rng {
  /** Uniform in [0, 1), 32 random bits. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method, 1964). */
  gaussian(): number;
  /** Uniform integer in [0, bound). @throws {RangeError} unless 1 ≤ bound ≤ 2^32 */
  int(bound: number): number;
  /** Shuffles in place (Fisher–Yates) and returns its argument. */
  shuffle<List extends { length: number; [index: number]: unknown }>(list: List): List;
}

/** Expands a seed of any size to 32-bit words (Steele, Lea & Flood 2014; finalizer of MurmurHash3). */
function splitmix32(seed: number): () => number {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** The 32-bit generator. */
function sfc32(seed: number): () => number {
  const next = splitmix32(seed);
  let [a, b, c, counter] = [next(), next(), next(), 1];
  const draw = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) draw();
  return draw;
}

/** Each accepted point in the unit disc yields two normal numbers; the second is kept for the next call. */
function gaussianFrom(uniform: () => number): () => number {
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** Uniform integers by rejection: draws from the incomplete last block are discarded, which removes the modulo bias. */
function intFrom(draw: () => number): (bound: number) => number {
  return bound => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
      throw new RangeError(`Expected a whole bound from 1 to 2^32; got ${bound}.`);
    }
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const drawn = draw();
      if (drawn < limit) return drawn % bound;
    }
  };
}

/** Creates a generator whose stream depends on the seed alone. @throws {RangeError} when the seed is not a safe integer */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected a whole number as the seed; got ${seed}.`);
  const draw = sfc32(seed);
  const uniform = () => draw() / 2 ** 32;
  const int = intFrom(draw);
  return {
    uniform,
    gaussian: gaussianFrom(uniform),
    int,
    shuffle(list) {
      for (let last = list.length - 1; last > 0; last--) {
        const other = int(last + 1);
        [list[last], list[other]] = [list[other], list[last]];
      }
      return list;
    },
  };
}
