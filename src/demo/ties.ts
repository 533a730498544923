import type { Follow } from '../domain/social';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs } from './calendar';
import { between, chance, cumulate, drawIndex, geometric } from './draws';
import type { Shopper } from './people';
import { streamOf } from './streams';
import { tastes } from './tastes/tastes';

/** Who follows whom. */
export interface Ties {
  readonly follows: readonly Follow[];
  /** Indices of the shoppers that each shopper follows. */
  readonly followees: readonly Uint32Array[];
}

const followsPerShopper = { mean: 5, max: 60 };
/** Probability that a follow is drawn among shoppers of a shared taste, instead of all shoppers. */
const homophily = 0.8;
const followBackRate = 0.3;

/** Generates follows by shared taste: a follower draws one of their tastes, then a shopper of it, by activity. */
export function generateTies(people: readonly Shopper[], seed: number, calendar: Calendar): Ties {
  const fans = fansOf(people);
  const anyone = cumulate(people.map(shopper => shopper.activity));
  const chosen = people.map(() => new Set<number>());
  for (const shopper of people) {
    const rng = streamOf(seed, 'ties', shopper.index);
    const count = geometric(rng, followsPerShopper.mean, followsPerShopper.max);
    for (let i = 0; i < count; i++) {
      const other = chance(rng, homophily) ? drawFan(rng, shopper, fans) : drawIndex(rng, anyone);
      if (other === shopper.index) continue;
      chosen[shopper.index].add(other);
      if (chance(rng, followBackRate)) chosen[other].add(shopper.index);
    }
  }
  const followees = chosen.map(set => Uint32Array.from(set).sort());
  return {
    followees,
    follows: followees.flatMap((list, from) => followsOf(people, from, { list, seed, calendar })),
  };
}

interface Fans {
  readonly members: readonly number[];
  readonly sums: Float64Array;
}

function fansOf(people: readonly Shopper[]): readonly Fans[] {
  return tastes.map((_, taste) => {
    const members = people.filter(shopper => shopper.tastes[taste] > 0).map(shopper => shopper.index);
    const sums = cumulate(members.map(index => people[index].tastes[taste] * people[index].activity));
    return { members, sums };
  });
}

function drawFan(rng: Rng, shopper: Shopper, fans: readonly Fans[]): number {
  const { members, sums } = fans[drawIndex(rng, cumulate(shopper.tastes))];
  return members[drawIndex(rng, sums)];
}

function followsOf(
  people: readonly Shopper[],
  from: number,
  {
    list,
    seed,
    calendar,
  }: { readonly list: Uint32Array; readonly seed: number; readonly calendar: Calendar },
): readonly Follow[] {
  const rng = streamOf(seed, 'ties', from, 1);
  return Array.from(list, to => {
    const bothSince = calendar.start + Math.max(people[from].joinDay, people[to].joinDay) * dayMs;
    return {
      followerId: people[from].user.id,
      followeeId: people[to].user.id,
      occurredAt: Math.floor(between(rng, bothSince, calendar.end)),
    };
  });
}
