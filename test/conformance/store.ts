// The contract of every set of stores (src/store/ports). Promises are data, so that the suite itself can be tested:
// test/conformance/store.test.ts runs them on broken stores, each of which must fail its promise.
import type { Stores } from '../../src/store/ports/stores';
import { audiencePromises } from './stores/audiences';
import { campaignEditPromises } from './stores/campaignEdits';
import { campaignPromises } from './stores/campaigns';
import { campaignUnitPromises } from './stores/campaignUnits';
import { eventPromises } from './stores/events';
import { interestPromises } from './stores/interests';
import { isolationPromises } from './stores/isolation';
import { lockPromises } from './stores/locks';
import { peopleAndProductPromises } from './stores/people';
import { policyPromises } from './stores/policies';
import { predictionPromises } from './stores/predictions';
import { freshShops, type StorePromise } from './stores/promise';
import { recordPromises } from './stores/records';
import { textPromises } from './stores/texts';

/** The promises of all ports. */
export const storePromises: readonly StorePromise[] = [
  ...eventPromises,
  ...peopleAndProductPromises,
  ...recordPromises,
  ...campaignPromises,
  ...campaignEditPromises,
  ...campaignUnitPromises,
  ...audiencePromises,
  ...policyPromises,
  ...interestPromises,
  ...predictionPromises,
  ...textPromises,
  ...lockPromises,
  ...isolationPromises,
];

/** Stores under test, and their disposal. */
export interface StoresUnderTest {
  readonly stores: Stores;
  close(): Promise<void>;
}

/** Tests stores against every promise. */
export function itBehavesLikeStores(makeStores: () => Promise<StoresUnderTest>): void {
  let made: StoresUnderTest;
  beforeAll(async () => {
    made = await makeStores();
  });
  afterAll(() => made?.close());
  for (const { name, hold } of storePromises) {
    it(name, () => hold({ stores: made.stores, ...freshShops() }));
  }
}
