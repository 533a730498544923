import { createHash } from 'node:crypto';
import { generateDemoShop } from '../../src/demo/demoShop';

/** SHA-256 of the shop below as commit a7fe465 generated it: published figures on the demo shop depend on every byte. */
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
  for (const part of parts) hash.update(JSON.stringify(shop[part]));
  for (const batch of shop.events()) hash.update(JSON.stringify(batch));
  expect(hash.digest('hex')).toBe(publishedDigest);
});
