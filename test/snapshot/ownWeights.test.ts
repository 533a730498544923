import { defaultEventWeights } from '../../src/domain/shopPolicy';
import { interestEventsIn } from '../../src/insights/interestTags/snapshotEvents';
import { sessionsSeen } from '../../src/models/baskets/groups';
import { historiesOf } from '../../src/models/histories';
import { preferencesOf } from '../../src/snapshot/preferences';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { splitByTime } from '../../src/snapshot/split';
import { stepsOf } from '../../src/snapshot/steps';
import { snapshotOf } from '../support/snapshots';

const events = ['a', 'b', 'c', 'd'].map((product, at) => ({ user: 'u', product, at, session: 's' }));

/** The result of each reader of event weights for four views. */
const readers: Readonly<Record<string, (snapshot: Snapshot) => Promise<unknown> | unknown>> = {
  preferencesOf: snapshot => [...preferencesOf(snapshot).values],
  historiesOf: snapshot => [...historiesOf(snapshot).of(0, Int32Array.of(0, 1, 2, 3)).weights],
  stepsOf: snapshot => [...stepsOf(snapshot).weights],
  splitByTime: async snapshot => [...(await splitByTime(snapshot, 0.5)).heldOut.productRows],
  sessionsSeen: snapshot => [...sessionsSeen(snapshot, 10).productRows],
  interestEventsIn: snapshot => interestEventsIn(snapshot, 9)(0).map(({ weight }) => weight),
};

it.each(Object.entries(readers))('%s reads the weights that the snapshot carries', async (_, read) => {
  const usual = await read(await snapshotOf(events));
  const disliked = await read(await snapshotOf(events, 9, { ...defaultEventWeights, VIEW: -2 }));
  expect(disliked).not.toEqual(usual);
  // The control: the weight of another type does not change views.
  expect(await read(await snapshotOf(events, 9, { ...defaultEventWeights, SHARE: -2 }))).toEqual(usual);
});
