import { createHash } from 'node:crypto';
import { generateDemoShop } from '../../src/demo/demoShop';

/**
 * SHA-256 of the shop below as commit a7fe465 generated it, which had no pictures. Published figures on the demo shop depend
 * on every other byte.
 */
const publishedDigest = '9c810762ec0791ce77a742ed02e68855154bff7ffbb474063ae1fd9a4159c825';

const parts = [
  'shop',
  'products',
  'users',
  'consents',
  'follows',
  'posts',
  'reactions',
  'campaigns',
  'offers',
  'contacts',
  'outcomes',
] as const;

it('generates the shop that the published figures were measured on', () => {
  const shop = generateDemoShop({ seed: 1, scale: 0.05, now: Date.UTC(2026, 5, 20, 7, 30) });
  const hash = createHash('sha256');
  const withoutPictures = (key: string, value: unknown) => (key === 'imageUrl' ? null : value);
  for (const part of parts) hash.update(JSON.stringify(shop[part], withoutPictures));
  for (const batch of shop.events()) hash.update(JSON.stringify(batch));
  expect(hash.digest('hex')).toBe(publishedDigest);
});

it('gives every product a small picture that needs no other host', () => {
  const { products } = generateDemoShop({ seed: 1, scale: 0.05, now: Date.UTC(2026, 5, 20, 7, 30) });
  for (const { imageUrl } of products) {
    expect(imageUrl).toMatch(/^data:image\/svg\+xml,%3Csvg/);
    expect(imageUrl?.length).toBeLessThan(1000);
    expect(decodeURIComponent(imageUrl ?? '')).toMatch(/>\p{Script=Han}<\/text><\/svg>$/u);
  }
  expect(new Set(products.map(({ imageUrl }) => imageUrl)).size).toBeGreaterThan(50);
});
