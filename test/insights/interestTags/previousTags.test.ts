import { missedTags } from '../../../src/insights/interestTags/previousTags';

const tagOf = (id: string, missed = 0) => ({ id, products: new Set(['p']), isWider: false, missed });

it('keeps tags that a training missed, and drops those that six missed', () => {
  let resting = missedTags([tagOf('tea'), tagOf('chess')], ['tea']);
  for (let missed = 1; missed <= 5; missed++) {
    expect(resting).toEqual([tagOf('chess', missed)]);
    resting = missedTags([tagOf('tea'), ...resting], ['tea', 'new']);
  }
  expect(resting).toEqual([]);
});

it('gives a missed tag its id again when it is found', () => {
  expect(missedTags([tagOf('chess', 3)], ['chess'])).toEqual([]);
});
