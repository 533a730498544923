/** Spreads every bit of a 32-bit number over all bits: the finaliser of murmur3 (Appleby 2011). A bijection. */
export function mixBits(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * FNV-1a over UTF-16 code units (Fowler, Noll & Vo), with its low bits spread by {@link mixBits}. Not cryptographic.
 *
 * @returns 0 to 2³² - 1
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixBits(hash);
}
