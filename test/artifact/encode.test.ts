import type { Artifact, ArtifactArray } from '../../src/artifact/artifact';
import { decodeArtifact } from '../../src/artifact/decode';
import { encodeArtifact } from '../../src/artifact/encode';
import { GatewayError } from '../../src/domain/errors';

/** The linear congruential generator of Numerical Recipes; picks bits to flip. */
function* pseudoRandom(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const artifact: Artifact = {
  header: {
    model: 'test',
    config: { rank: 3, decay: 0.5, name: 'é', on: true },
    snapshotDigest: 'ab',
    asOf: 1,
    seed: 7,
  },
  arrays: new Map<string, ArtifactArray>([
    ['floats', Float32Array.from({ length: 5000 }, (_, index) => index / 3)],
    ['doubles', Float64Array.of(Math.PI, Number.NaN, -0)],
    ['empty', new Int32Array(0)],
    ['words', Uint32Array.of(0xffffffff, 1)],
    ['halves', Uint16Array.of(65535)],
    ['bytes', Uint8Array.of(1, 2, 3)],
    ['signed', Int8Array.of(-1, 1)],
  ]),
};

async function refusalOf(bytes: Uint8Array): Promise<unknown> {
  return decodeArtifact(bytes).then(
    () => 'accepted',
    error => (error instanceof GatewayError ? error.code : error),
  );
}

describe('encodeArtifact and decodeArtifact', () => {
  it('round-trip an artifact', async () => {
    expect(await decodeArtifact(await encodeArtifact(artifact))).toEqual(artifact);
  });

  it('round-trip an artifact without arrays', async () => {
    const bare = { header: artifact.header, arrays: new Map() };
    expect(await decodeArtifact(await encodeArtifact(bare))).toEqual(bare);
  });

  it('decode bytes at an odd offset of their buffer', async () => {
    const bytes = await encodeArtifact(artifact);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(await decodeArtifact(shifted.subarray(3))).toEqual(artifact);
  });

  it('return the same bytes for any order of config keys', async () => {
    const config = Object.fromEntries(Object.entries(artifact.header.config).reverse());
    const reordered = { ...artifact, header: { ...artifact.header, config } };
    expect(await encodeArtifact(reordered)).toEqual(await encodeArtifact(artifact));
  });

  it('reject a file truncated at any kilobyte, in the preamble, or by one byte', async () => {
    const bytes = await encodeArtifact(artifact);
    const cuts = [0, 1, 7, 8, 12, 23, 24, 56, bytes.length - 1];
    for (let cut = 1024; cut < bytes.length; cut += 1024) cuts.push(cut);
    const answers = await Promise.all(cuts.map(cut => refusalOf(bytes.subarray(0, cut))));
    expect(new Set(answers)).toEqual(new Set(['ARTIFACT_DAMAGED']));
  });

  it('reject a file with trailing bytes', async () => {
    const bytes = await encodeArtifact(artifact);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(await refusalOf(longer)).toBe('ARTIFACT_DAMAGED');
  });

  it('reject any single flipped bit (200 at random, and each of the preamble)', async () => {
    const bytes = await encodeArtifact(artifact);
    const random = pseudoRandom(11);
    const bits = Array.from({ length: 24 * 8 }, (_, bit) => bit);
    for (let flip = 0; flip < 200; flip++) bits.push(Math.floor(random.next().value * bytes.length * 8));
    for (const bit of bits) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(await refusalOf(flipped)).toBe('ARTIFACT_DAMAGED');
    }
  });

  it('report what was expected and what was found', async () => {
    const bytes = await encodeArtifact(artifact);
    bytes[8] = 9;
    await expect(decodeArtifact(bytes)).rejects.toThrow('Expected format version 1; got 9.');
  });

  it('reject a layout with a valid checksum whose array extends beyond the end', async () => {
    const bytes = await encodeArtifact(artifact);
    const text = new TextDecoder('latin1').decode(bytes);
    const at = text.indexOf('"length":5000');
    bytes.set(new TextEncoder().encode('"length":9999'), at);
    const body = bytes.length - 32;
    bytes.set(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(0, body))), body);
    expect(await refusalOf(bytes)).toBe('ARTIFACT_DAMAGED');
  });
});
