import { generateDemoShop } from '../../src/demo/demoShop';
import { checkEvent } from '../../src/intake/event';
import { checkProduct } from '../../src/intake/product';
import { checkUser } from '../../src/intake/user';
import { demoShop, now } from './support';

const digest = async (value: unknown): Promise<string> => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
};

const everything = (seed: number, at = now) => {
  const shop = generateDemoShop({ seed, scale: 0.1, now: at });
  const { groundTruth: _truth, ...rest } = shop;
  return { ...rest, recorded: [...shop.events()] };
};

describe('generateDemoShop', () => {
  it('returns equal bytes for equal settings, and different ones for another seed', async () => {
    const [first, second, other] = await Promise.all([1, 1, 2].map(seed => digest(everything(seed))));
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('yields the same events in every call', () => {
    const shop = generateDemoShop({ seed: 3, scale: 0.05, now });
    expect([...shop.events()]).toEqual([...shop.events()]);
  });

  it('is the same for any instant of the same hour', async () => {
    expect(await digest(everything(1, now + 20 * 60_000))).toBe(await digest(everything(1)));
  });

  it('has the documented size', () => {
    const { shop, events } = demoShop();
    expect(shop.users).toHaveLength(2_000);
    expect(shop.products).toHaveLength(1_500);
    expect(events.length).toBeGreaterThan(140_000);
    expect(events.length).toBeLessThan(160_000);
    expect(Math.abs(shop.expectedEvents / events.length - 1)).toBeLessThan(0.05);
  });

  it('multiplies by scale', () => {
    const { shop, events } = demoShop(0.2);
    expect(shop.users).toHaveLength(400);
    expect(shop.products).toHaveLength(300);
    expect(events.length).toBeGreaterThan(27_000);
    expect(events.length).toBeLessThan(33_000);
  });

  it.each([0.05, 0.07])('generates a shop at the small scale %d', scale => {
    const { shop, events } = demoShop(scale);
    expect(events.length).toBeGreaterThan(4_000);
    expect(shop.offers.every(offer => offer.productIds.length > 0)).toBe(true);
  });

  it.each([0, 0.01, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects the scale %d', scale => {
    expect(() => generateDemoShop({ seed: 1, scale, now })).toThrow(RangeError);
  });

  it('rejects a seed that is not an integer', () => {
    expect(() => generateDemoShop({ seed: 1.5, scale: 1, now })).toThrow(RangeError);
  });

  it('yields a year of events in time order, up to the last full hour before now', () => {
    const { shop, events } = demoShop();
    expect(shop.calendar.end).toBe(Date.UTC(2026, 5, 20, 7));
    expect(events.every((event, i) => i === 0 || events[i - 1].occurredAt <= event.occurredAt)).toBe(true);
    expect(events[0].occurredAt).toBeGreaterThanOrEqual(shop.calendar.start);
    expect(shop.calendar.end - events[events.length - 1].occurredAt).toBeGreaterThan(0);
    expect(shop.calendar.end - events[events.length - 1].occurredAt).toBeLessThan(3_600_000);
  });

  it('sets prices in dollars on request', () => {
    const shop = generateDemoShop({ seed: 1, scale: 0.05, now, currency: 'USD' });
    expect(shop.products.every(({ currency }) => currency === 'USD')).toBe(true);
    expect(shop.products.every(({ priceMinor }) => (priceMinor ?? 0) % 100 === 99)).toBe(true);
  });
});

describe('references of the demo shop', () => {
  const { shop, events } = demoShop();
  const users = new Map(shop.users.map(user => [user.id, user]));
  const products = new Map(shop.products.map(product => [product.id, product]));
  const campaigns = new Set(shop.campaigns.map(({ id }) => id));

  it('have unique ids', () => {
    const lists = [shop.users, shop.products, shop.posts, shop.reactions, shop.campaigns, shop.offers];
    for (const list of [...lists, shop.outcomes, events]) {
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    }
  });

  it('have unique titles', () => {
    expect(new Set(shop.products.map(({ title }) => title)).size).toBe(shop.products.length);
  });

  it('name only existing users and products, and none before its creation', () => {
    const wrong = events.filter(event => {
      const user = users.get(event.userId);
      const product = event.productId === null ? null : products.get(event.productId);
      if (user === undefined || product === undefined) return true;
      return user.createdAt > event.occurredAt || (product?.createdAt ?? 0) > event.occurredAt;
    });
    expect(wrong).toEqual([]);
  });

  it('include every type of event that shoppers of the demo make', () => {
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([
      ...['CART_ADD', 'CART_REMOVE', 'CLICK', 'DISLIKE', 'PURCHASE', 'RATING', 'RETURN', 'SEARCH', 'SHARE'],
      ...['VIEW', 'WISHLIST'],
    ]);
  });

  it('connect posts, reactions and follows to existing users', () => {
    const posts = new Set(shop.posts.map(({ id }) => id));
    expect(
      shop.posts.every(post => users.has(post.authorId) && post.productIds.every(id => products.has(id))),
    ).toBe(true);
    expect(shop.reactions.every(({ postId, userId }) => posts.has(postId) && users.has(userId))).toBe(true);
    expect(
      shop.follows.every(({ followerId, followeeId }) => users.has(followerId) && users.has(followeeId)),
    ).toBe(true);
    expect(shop.follows.every(({ followerId, followeeId }) => followerId !== followeeId)).toBe(true);
  });

  it('contact only users who did not refuse, with offers of the same campaign', () => {
    const refused = new Set(
      shop.consents.filter(({ purpose, granted }) => purpose === 'MARKETING' && !granted).map(c => c.userId),
    );
    const offers = new Map(shop.offers.map(offer => [offer.id, offer.campaignId]));
    expect(refused.size).toBeGreaterThan(0);
    expect(shop.contacts.filter(({ userId }) => refused.has(userId))).toEqual([]);
    expect(shop.contacts.every(({ campaignId }) => campaigns.has(campaignId))).toBe(true);
    const treated = shop.contacts.filter(({ arm }) => arm === 'TREATMENT');
    expect(treated.every(({ offerId, campaignId }) => offers.get(offerId ?? '') === campaignId)).toBe(true);
    expect(shop.offers.every(({ productIds }) => productIds.every(id => products.has(id)))).toBe(true);
  });

  it('have a purchase by the same shopper at the same time for every conversion', () => {
    const bought = new Set(
      events
        .filter(({ type }) => type === 'PURCHASE')
        .map(({ userId, sessionId }) => `${userId} ${sessionId}`),
    );
    const viewed = new Map(
      events.map(({ userId, occurredAt, sessionId }) => [`${userId} ${occurredAt}`, sessionId] as const),
    );
    const conversions = shop.outcomes.filter(({ type }) => type === 'CONVERSION');
    expect(conversions.length).toBeGreaterThan(200);
    const recorded = conversions.filter(({ userId, occurredAt }) =>
      bought.has(`${userId} ${viewed.get(`${userId} ${occurredAt}`)}`),
    );
    expect(recorded.length / conversions.length).toBeGreaterThan(0.99);
  });
});

describe('validation of the demo shop', () => {
  const { shop, events } = demoShop();
  const context = { shopId: shop.shop.id, now };

  it('accepts every event', () => {
    const refused = events
      .filter((_, i) => i % 5 === 0)
      .filter(({ shopId: _shop, receivedAt: _received, occurredAt, ...raw }) => {
        const checked = checkEvent({ ...raw, occurredAt: new Date(occurredAt).toISOString() }, context);
        return !checked.ok || checked.row.occurredAt !== occurredAt || checked.row.value !== raw.value;
      });
    expect(refused).toEqual([]);
  });

  it('accepts every product and user', () => {
    const products = shop.products.map(
      ({ shopId: _shop, isStub: _stub, createdAt: _created, updatedAt: _updated, ...raw }) =>
        checkProduct(raw, context),
    );
    const users = shop.users.map(({ id, locale, attributes }) =>
      checkUser({ id, locale, attributes }, context),
    );
    expect(products.filter(({ ok }) => !ok)).toEqual([]);
    expect(users.filter(({ ok }) => !ok)).toEqual([]);
  });
});
