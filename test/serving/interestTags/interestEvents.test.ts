import { defaultShopPolicy } from '../../../src/domain/shopPolicy';
import { interestEventsOf } from '../../../src/serving/interestTags/interestEvents';
import { interaction, product } from '../support';

const weights = defaultShopPolicy.eventWeights;

it('reads the texts of searches, as training does, and of no other event', () => {
  const review = { ...interaction('r', 'ann', product(1), 'REVIEW'), queryText: 'a fine mug' };
  const search = { ...interaction('s', 'ann', product(2), 'SEARCH'), queryText: 'mugs' };
  const { events } = interestEventsOf([review, search], [], weights);
  expect(events.map(({ text }) => text)).toEqual([undefined, 'mugs']);
});

it('keeps the source of every event', () => {
  const view = interaction('v', 'ann', product(1));
  const { events, sources } = interestEventsOf([view], [], weights);
  expect(sources.get(events[0].id)).toEqual({ kind: 'EVENT', event: view });
});
