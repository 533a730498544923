// SipHash-2-4 (Aumasson & Bernstein 2012): a keyed hash of bytes to 64 bits. Without the key, outputs look random, also of
// inputs that differ in one bit. 64-bit words are pairs of 32-bit halves, low half first.

/** The 128-bit key: four words of 32 bits, lowest first. */
export type SipKey = readonly [number, number, number, number];

/** v[to] += v[from], 64 bits. */
function add(v: Int32Array, to: number, from: number): void {
  const low = (v[to] >>> 0) + (v[from] >>> 0);
  v[to + 1] = (v[to + 1] + v[from + 1] + (low >= 2 ** 32 ? 1 : 0)) | 0;
  v[to] = low | 0;
}

/** v[to] = (v[to] rotated left by `bits`) xor v[by]; 0 < bits < 32. */
function rotateXor(v: Int32Array, to: number, bits: number, by: number): void {
  const [low, high] = [v[to], v[to + 1]];
  v[to] = ((low << bits) | (high >>> (32 - bits))) ^ v[by];
  v[to + 1] = ((high << bits) | (low >>> (32 - bits))) ^ v[by + 1];
}

/** Swaps the halves of a word: a rotation by 32 bits. */
function swapHalves(v: Int32Array, at: number): void {
  [v[at], v[at + 1]] = [v[at + 1], v[at]];
}

/** One SipRound (figure 2.1). v0, v1, v2, v3 are at 0, 2, 4, 6. */
function sipRounds(v: Int32Array, count: number): void {
  for (let round = 0; round < count; round++) {
    add(v, 0, 2);
    rotateXor(v, 2, 13, 0);
    swapHalves(v, 0);
    add(v, 4, 6);
    rotateXor(v, 6, 16, 4);
    add(v, 0, 6);
    rotateXor(v, 6, 21, 0);
    add(v, 4, 2);
    rotateXor(v, 2, 17, 4);
    swapHalves(v, 4);
  }
}

/** Mixes a 64-bit word of the message into the state. */
function compress(v: Int32Array, low: number, high: number): void {
  v[6] ^= low;
  v[7] ^= high;
  sipRounds(v, 2);
  v[0] ^= low;
  v[1] ^= high;
}

/** Returns the hash of `bytes` under a key as two halves [high, low], each 0 to 2³² - 1. O(bytes). */
export function sipHash([k0, k1, k2, k3]: SipKey, bytes: Uint8Array): readonly [number, number] {
  // The constants are the ASCII text "somepseudorandomlygeneratedbytes".
  const v = Int32Array.of(
    k0 ^ 0x70736575,
    k1 ^ 0x736f6d65,
    k2 ^ 0x6e646f6d,
    k3 ^ 0x646f7261,
    k0 ^ 0x6e657261,
    k1 ^ 0x6c796765,
    k2 ^ 0x79746573,
    k3 ^ 0x74656462,
  );
  const whole = bytes.length - (bytes.length % 8);
  const padded = new Uint8Array(whole + 8);
  padded.set(bytes);
  padded[whole + 7] = bytes.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8)
    compress(v, words.getInt32(at, true), words.getInt32(at + 4, true));
  v[4] ^= 0xff;
  sipRounds(v, 4);
  return [(v[1] ^ v[3] ^ v[5] ^ v[7]) >>> 0, (v[0] ^ v[2] ^ v[4] ^ v[6]) >>> 0];
}
