import { sipHash } from '../../src/numeric/sipHash';
import { experimentsGolden } from '../support/experimentsGolden';

// The key and the messages of the test vectors by Aumasson & Bernstein: bytes 0, 1, 2, …
const key = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c] as const;
const hex = (half: number): string => half.toString(16).padStart(8, '0');

describe('SipHash-2-4', () => {
  it.each(experimentsGolden.sipHash)('of $length bytes is $hash', ({ length, hash }) => {
    const [high, low] = sipHash(
      key,
      Uint8Array.from({ length }, (_, byte) => byte),
    );
    expect(hex(high) + hex(low)).toBe(hash);
  });

  it('changes half of its bits with one bit of the message', () => {
    let changed = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const message = Uint8Array.of(trial, trial >> 8, 7, 9);
      const before = sipHash(key, message);
      message[trial % 4] ^= 1 << (trial % 8);
      const after = sipHash(key, message);
      for (const half of [0, 1])
        for (let bit = 0; bit < 32; bit++) changed += ((before[half] ^ after[half]) >>> bit) & 1;
    }
    expect(changed / trials).toBeGreaterThan(31);
    expect(changed / trials).toBeLessThan(33);
  });
});
