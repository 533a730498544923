import { monthOf } from '../../src/demo/calendar';
import { tasteIndex, tastes } from '../../src/demo/tastes/tastes';
import type { Interaction } from '../../src/domain/interaction';
import { createRng } from '../../src/numeric/rng';
import { demoShop, sessionsOf, shareOf } from './support';

const { shop, events } = demoShop();
const truth = shop.groundTruth;
const sessions = [...sessionsOf(events).values()];
const mainTaste = (productId: Interaction['productId']): number => {
  const mixture = productId === null ? undefined : truth.products.get(productId)?.tastes;
  return mixture === undefined ? -1 : mixture.indexOf(Math.max(...mixture));
};
const cosine = (a: Float64Array, b: Float64Array): number => {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};
const tastesOfUser = (id: Interaction['userId']): Float64Array =>
  truth.users.get(id)?.tastes ?? new Float64Array(tastes.length);
const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

describe('tastes', () => {
  it('are a sparse mixture for every user, and one or two for every product', () => {
    for (const { tastes: mixture } of truth.users.values()) {
      expect(mixture.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
      expect(mixture.filter(share => share > 0).length).toBeLessThanOrEqual(4);
    }
    const spanning = shareOf(
      [...truth.products.values()],
      ({ tastes: mixture }) => mixture.filter(w => w > 0).length > 1,
    );
    expect(spanning).toBeGreaterThan(0.08);
    expect(spanning).toBeLessThan(0.25);
  });

  it('determine what users view: their events follow their mixture', () => {
    const seen = new Map(shop.users.map(({ id }) => [id, new Float64Array(tastes.length)]));
    for (const event of events) {
      const taste = mainTaste(event.productId);
      const counts = seen.get(event.userId);
      if (taste >= 0 && counts !== undefined) counts[taste]++;
    }
    const settled = shop.users.filter(({ id }) => {
      const counts = seen.get(id) ?? new Float64Array(0);
      return truth.users.get(id)?.drift === null && counts.reduce((sum, count) => sum + count, 0) >= 50;
    });
    const similarities = settled.map(({ id }) =>
      cosine(seen.get(id) ?? new Float64Array(0), tastesOfUser(id)),
    );
    expect(settled.length).toBeGreaterThan(500);
    expect(mean(similarities)).toBeGreaterThan(0.85);
  });

  it('can be recovered: two products of one session share a taste far more often than by chance', () => {
    const pairs = sessions.flatMap(session => {
      const views = session.filter(({ type }) => type === 'VIEW').map(({ productId }) => productId);
      const looked = [...new Set(views)];
      return looked.slice(1).map((productId, i) => [looked[i], productId] as const);
    });
    const within = shareOf(pairs, ([one, other]) => mainTaste(one) === mainTaste(other));
    const popularity = new Float64Array(tastes.length);
    for (const pair of pairs)
      for (const productId of pair) popularity[mainTaste(productId)] += 0.5 / pairs.length;
    const byChance = popularity.reduce((sum, share) => sum + share ** 2, 0);
    expect(within).toBeGreaterThan(6 * byChance);
  });

  it('drift for some users, who then view products of the new taste', () => {
    const drifting = shop.users.filter(({ id }) => truth.users.get(id)?.drift != null);
    expect(drifting.length / shop.users.length).toBeGreaterThan(0.08);
    const counts = { before: [0, 0], after: [0, 0] };
    for (const event of events) {
      const drift = truth.users.get(event.userId)?.drift;
      if (drift === null || drift === undefined || event.productId === null) continue;
      const phase = event.occurredAt < shop.calendar.start + drift.day * 86_400_000 ? 'before' : 'after';
      counts[phase][0]++;
      if (mainTaste(event.productId) === drift.taste) counts[phase][1]++;
    }
    expect(counts.before[1] / counts.before[0]).toBeLessThan(0.12);
    expect(counts.after[1] / counts.after[0]).toBeGreaterThan(0.3);
  });
});

describe('the funnel', () => {
  const has = (session: readonly Interaction[], type: Interaction['type']) =>
    session.some(e => e.type === type);
  const views = events.filter(({ type }) => type === 'VIEW').length;

  it.each([
    ['CLICK', 0.25, 0.5],
    ['CART_ADD', 0.08, 0.18],
    ['PURCHASE', 0.05, 0.14],
    ['WISHLIST', 0.01, 0.06],
    ['DISLIKE', 0.005, 0.04],
    ['SHARE', 0.003, 0.03],
  ] as const)('has %s for each VIEW between %d and %d', (type, low, high) => {
    const rate = events.filter(event => event.type === type).length / views;
    expect(rate).toBeGreaterThan(low);
    expect(rate).toBeLessThan(high);
  });

  it('leaves about half of the carts unpaid, and returns a few purchases', () => {
    const withCart = sessions.filter(session => has(session, 'CART_ADD'));
    const paid = shareOf(withCart, session => has(session, 'PURCHASE'));
    expect(paid).toBeGreaterThan(0.4);
    expect(paid).toBeLessThan(0.65);
    const bought = events.filter(({ type }) => type === 'PURCHASE').length;
    const returned = events.filter(({ type }) => type === 'RETURN').length / bought;
    expect(returned).toBeGreaterThan(0.02);
    expect(returned).toBeLessThan(0.12);
  });

  it('has no payment without a cart, and no return or rating without a purchase', () => {
    const done = new Set<string>();
    const needs = new Map([
      ['PURCHASE', 'CART_ADD'],
      ['RETURN', 'PURCHASE'],
      ['RATING', 'PURCHASE'],
    ]);
    const wrong = events.filter(({ userId, productId, type }) => {
      done.add(`${userId} ${productId} ${type}`);
      const needed = needs.get(type);
      return needed !== undefined && !done.has(`${userId} ${productId} ${needed}`);
    });
    expect(wrong).toEqual([]);
  });

  it('rates better products higher', () => {
    const ratings = events.filter(({ type }) => type === 'RATING');
    const starsWhere = (isGood: boolean) =>
      mean(
        ratings
          .filter(
            ({ productId }) =>
              productId !== null && (truth.products.get(productId)?.quality ?? 0) > 0 === isGood,
          )
          .map(({ value }) => value ?? 0),
      );
    expect(starsWhere(true) - starsWhere(false)).toBeGreaterThan(0.5);
    expect(ratings.every(({ value }) => value !== null && value >= 1 && value <= 5)).toBe(true);
  });
});

describe('memory longer than two steps', () => {
  /** Sessions with a cart after at least two further events, grouped by whether they began with a search. */
  const filled = sessions.filter(session => session.findIndex(({ type }) => type === 'CART_ADD') >= 3);

  it('makes sessions that begin with a search end in payment more often', () => {
    const paid = (hasSearched: boolean) =>
      shareOf(
        filled.filter(session => (session[0].type === 'SEARCH') === hasSearched),
        session => session.some(({ type }) => type === 'PURCHASE'),
      );
    expect(paid(true) - paid(false)).toBeGreaterThan(0.25);
  });

  it('is invisible to a second-order Markov chain: equal last two events, different next event', () => {
    const nextAfterCart = (hasSearched: boolean) =>
      sessions
        .filter(session => (session[0].type === 'SEARCH') === hasSearched)
        .flatMap(session =>
          session.slice(3).map((event, i) => [session[i + 1].type, session[i + 2].type, event.type]),
        )
        .filter(([before, last]) => before === 'VIEW' && last === 'CART_ADD');
    const [searched, browsed] = [nextAfterCart(true), nextAfterCart(false)];
    expect(Math.min(searched.length, browsed.length)).toBeGreaterThan(500);
    const paid = (steps: readonly (readonly string[])[]) =>
      shareOf(steps, ([, , next]) => next === 'PURCHASE');
    expect(paid(searched) - paid(browsed)).toBeGreaterThan(0.15);
  });

  it('puts the first product of a mission into the cart more often than any middle one', () => {
    const long = filled
      .map(session => ({
        looked: session.filter(({ type }) => type === 'VIEW').map(({ productId }) => productId),
        chosen: session.find(({ type }) => type === 'CART_ADD')?.productId,
      }))
      .filter(({ looked }) => looked.length >= 5);
    const first = shareOf(long, ({ looked, chosen }) => looked[0] === chosen || looked[1] === chosen);
    const middle = shareOf(long, ({ looked, chosen }) => looked[2] === chosen || looked[3] === chosen);
    expect(first).toBeGreaterThan(middle + 0.1);
  });
});

describe('time', () => {
  it('has seasons per taste', () => {
    const camping = tasteIndex('camping');
    const shares = new Map<number, { all: number; taste: number }>();
    for (const event of events) {
      const month = monthOf(event.occurredAt);
      const counts = shares.get(month) ?? { all: 0, taste: 0 };
      counts.all++;
      if (mainTaste(event.productId) === camping) counts.taste++;
      shares.set(month, counts);
    }
    const shareIn = (...months: readonly number[]) => {
      const counts = months.map(month => shares.get(month) ?? { all: 0, taste: 0 });
      return counts.reduce((sum, c) => sum + c.taste, 0) / counts.reduce((sum, c) => sum + c.all, 0);
    };
    expect(shareIn(3, 4, 9)).toBeGreaterThan(1.5 * shareIn(0, 1, 11));
  });

  it('is busier in the evening than at night, at weekends than midweek, on sales days than on adjacent days', () => {
    const hours = new Float64Array(24);
    const days = new Float64Array(7);
    const sale = { on: 0, adjacent: 0 };
    const locale = new Map(shop.users.map(user => [user.id, user.locale]));
    for (const event of events) {
      const local = new Date(event.occurredAt + 8 * 3_600_000);
      if (locale.get(event.userId) === 'zh') hours[local.getUTCHours()]++;
      days[local.getUTCDay()]++;
      const date = `${local.getUTCMonth()}.${local.getUTCDate()}`;
      if (date === '10.11') sale.on++;
      if (date === '10.13' || date === '10.6') sale.adjacent += 0.5;
    }
    expect(hours[21]).toBeGreaterThan(4 * hours[4]);
    expect(days[6] + days[0]).toBeGreaterThan(1.2 * (days[2] + days[3]));
    expect(sale.on).toBeGreaterThan(1.5 * sale.adjacent);
  });

  it('gives products in fashion more events in the last two weeks', () => {
    const since = shop.calendar.end - 14 * 86_400_000;
    const fashionable = (list: readonly Interaction[]) =>
      shareOf(
        list,
        ({ productId }) => productId !== null && truth.products.get(productId)?.isInFashionNow === true,
      );
    const late = events.filter(({ occurredAt }) => occurredAt >= since);
    const early = events.filter(({ occurredAt }) => occurredAt < since);
    expect(fashionable(late)).toBeGreaterThan(2 * fashionable(early));
  });
});

describe('prices', () => {
  it('lie near each kind’s median, in whole minor units', () => {
    const byKind = new Map<string, number[]>();
    for (const { id, priceMinor } of shop.products) {
      const kind = truth.products.get(id)?.kind ?? '';
      byKind.set(kind, [...(byKind.get(kind) ?? []), priceMinor ?? Number.NaN]);
    }
    for (const kind of tastes.flatMap(taste => taste.kinds)) {
      const logs = (byKind.get(kind.name.en) ?? []).map(price => Math.log(price / 100 / kind.yuan));
      expect(Math.abs(mean(logs))).toBeLessThan(0.45);
    }
    expect(
      shop.products.every(({ priceMinor }) => Number.isInteger(priceMinor) && (priceMinor ?? 0) > 0),
    ).toBe(true);
  });

  it('are higher in the purchases of shoppers who prefer expensive products', () => {
    const medians = new Map(tastes.flatMap(taste => taste.kinds).map(kind => [kind.name.en, kind.yuan]));
    const levels = new Map(
      shop.products.map(({ id, priceMinor }) => {
        const median = medians.get(truth.products.get(id)?.kind ?? '') ?? Number.NaN;
        return [id, Math.log((priceMinor ?? 0) / 100 / median)];
      }),
    );
    const boughtBy = (isMeant: (wish: number) => boolean) =>
      events
        .filter(({ type, userId }) => type === 'PURCHASE' && isMeant(truth.users.get(userId)?.priceWish ?? 0))
        .map(({ productId }) => (productId === null ? Number.NaN : (levels.get(productId) ?? Number.NaN)));
    expect(mean(boughtBy(wish => wish > 0.3)) - mean(boughtBy(wish => wish < -0.3))).toBeGreaterThan(0.15);
  });

  it('leave some products sold out and some withdrawn', () => {
    expect(shareOf(shop.products, ({ stock }) => stock === 0)).toBeCloseTo(0.05, 1);
    expect(shareOf(shop.products, ({ isActive }) => !isActive)).toBeGreaterThan(0.005);
  });
});

describe('follows and posts', () => {
  it('connect users of similar tastes', () => {
    const rng = createRng(5);
    const anyone = () => tastesOfUser(shop.users[rng.int(shop.users.length)].id);
    const tied = mean(
      shop.follows.map(({ followerId, followeeId }) =>
        cosine(tastesOfUser(followerId), tastesOfUser(followeeId)),
      ),
    );
    const random = mean(shop.follows.map(() => cosine(anyone(), anyone())));
    expect(shop.follows.length / shop.users.length).toBeGreaterThan(4);
    expect(tied).toBeGreaterThan(2 * random);
  });

  it('let followers react more often than strangers', () => {
    const ties = new Set(shop.follows.map(({ followerId, followeeId }) => `${followerId} ${followeeId}`));
    const authors = new Map(shop.posts.map(({ id, authorId }) => [id, authorId]));
    expect(
      shareOf(shop.reactions, ({ userId, postId }) => ties.has(`${userId} ${authors.get(postId)}`)),
    ).toBeGreaterThan(0.5);
  });

  it('have all three known sentiments in both languages', () => {
    for (const locale of ['zh', 'en']) {
      const feelings = shop.posts
        .filter(post => post.locale === locale)
        .map(({ id }) => truth.sentiments.get(id));
      expect(shareOf(feelings, feeling => feeling === 1)).toBeCloseTo(0.6, 1);
      expect(shareOf(feelings, feeling => feeling === -1)).toBeGreaterThan(0.1);
      expect(shareOf(feelings, feeling => feeling === 0)).toBeGreaterThan(0.1);
    }
  });
});

describe('campaigns', () => {
  const converted = new Set(
    shop.outcomes.filter(({ type }) => type === 'CONVERSION').map(o => `${o.campaignId} ${o.userId}`),
  );
  const completed = shop.campaigns.filter(({ status }) => status === 'COMPLETED');

  /** Difference in means, its standard error, and the true effect. */
  function measure(campaignIds: ReadonlySet<string>) {
    const contacts = shop.contacts.filter(({ campaignId }) => campaignIds.has(campaignId));
    const bought = (arm: string) =>
      contacts
        .filter(contact => contact.arm === arm)
        .map(c => (converted.has(`${c.campaignId} ${c.userId}`) ? 1 : 0));
    const [treated, held] = [bought('TREATMENT'), bought('HOLDOUT')];
    const [p, q] = [mean(treated), mean(held)];
    const error = Math.sqrt((p * (1 - p)) / treated.length + (q * (1 - q)) / held.length);
    const trueLift = mean(contacts.map(({ campaignId, userId }) => truth.uplift(campaignId, userId)));
    return { difference: p - q, error, trueLift };
  }

  it('are completed, running and scheduled, the last without contacts', () => {
    expect(completed).toHaveLength(6);
    expect(shop.campaigns.map(({ status }) => status).slice(6)).toEqual(['RUNNING', 'SCHEDULED']);
    const scheduled = shop.campaigns[7].id;
    expect(shop.contacts.some(({ campaignId }) => campaignId === scheduled)).toBe(false);
  });

  it('hold out their configured share at random', () => {
    for (const { id, holdoutRate } of completed) {
      const contacts = shop.contacts.filter(({ campaignId }) => campaignId === id);
      const share = shareOf(contacts, ({ arm }) => arm === 'HOLDOUT');
      const error = Math.sqrt((holdoutRate * (1 - holdoutRate)) / contacts.length);
      expect(Math.abs(share - holdoutRate)).toBeLessThan(3 * error);
      for (const { arm, propensity } of contacts) {
        expect(propensity).toBeCloseTo(arm === 'HOLDOUT' ? holdoutRate : 1 - holdoutRate, 10);
      }
    }
  });

  it('have the known effect: each within three standard errors, and pooled within two', () => {
    for (const { id } of completed) {
      const { difference, error, trueLift } = measure(new Set([id]));
      expect(Math.abs(difference - trueLift)).toBeLessThan(3 * error);
    }
    const all = measure(new Set(completed.map(({ id }) => id)));
    expect(Math.abs(all.difference - all.trueLift)).toBeLessThan(2 * all.error);
    expect(all.difference).toBeGreaterThan(0);
  });

  it('harm some segments and help others', () => {
    const bySegment = (segment: string) => {
      const { id } = completed[0];
      const user = shop.users.find(candidate => truth.users.get(candidate.id)?.segment === segment);
      return truth.uplift(id, user?.id ?? shop.users[0].id);
    };
    expect(bySegment('PERSUADABLE')).toBeGreaterThan(0.1);
    expect(bySegment('SLEEPING_DOG')).toBeLessThan(0);
  });

  it('reject unknown ids when asked for an uplift', () => {
    expect(() => truth.uplift(shop.campaigns[0].id, 'nobody' as never)).toThrow(RangeError);
  });
});
