import { missedTags } from '../../../src/insights/interestTags/previousTags';

const tagOf = (id: string, missed = 0) => ({ id, products: new Set(['p']), isWider: false, missed });

it('lets tags rest that a training did not find, and forgets those that six missed', () => {
  let resting = missedTags([tagOf('tea'), tagOf('chess')], ['tea']);
  for (let missed = 1; missed <= 5; missed++) {
    expect(resting).toEqual([tagOf('chess', missed)]);
    resting = missedTags([tagOf('tea'), ...resting], ['tea', 'new']);
  }
  expect(resting).toEqual([]);
});

it('wakes a tag that is found again', () => {
  expect(missedTags([tagOf('chess', 3)], ['chess'])).toEqual([]);
});
