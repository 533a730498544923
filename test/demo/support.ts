import { type DemoShop, generateDemoShop } from '../../src/demo/demoShop';
import type { Interaction } from '../../src/domain/interaction';

/** A fixed instant: tests never read the clock. */
export const now = Date.UTC(2026, 5, 20, 7, 30);

const made = new Map<string, { readonly shop: DemoShop; readonly events: readonly Interaction[] }>();

/** A demo shop with all its events, generated once per test file. */
export function demoShop(scale = 1, seed = 1) {
  const key = `${scale} ${seed}`;
  const found = made.get(key);
  if (found !== undefined) return found;
  const shop = generateDemoShop({ seed, scale, now });
  const whole = { shop, events: [...shop.events()].flat() };
  made.set(key, whole);
  return whole;
}

/** Events of each session, in time order. */
export function sessionsOf(events: readonly Interaction[]): ReadonlyMap<string, readonly Interaction[]> {
  const sessions = new Map<string, Interaction[]>();
  for (const event of events) {
    if (event.sessionId === null) continue;
    const session = sessions.get(event.sessionId);
    if (session === undefined) sessions.set(event.sessionId, [event]);
    else session.push(event);
  }
  return sessions;
}

/** Share of elements that satisfy a predicate. */
export function shareOf<T>(list: readonly T[], passes: (element: T) => boolean): number {
  return list.filter(passes).length / list.length;
}
