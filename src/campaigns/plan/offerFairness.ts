// Who is offered which discount: for the check that prices do not differ without reason between groups of shoppers. China's
// Personal Information Protection Law (2021, article 24) forbids unreasonable differences of price by automated decisions.

import { differenceOfMeans, fixedHorizonWidth, type Interval, intervalOf } from '../../experiments/effect';
import { momentsOf } from '../../experiments/moments';

/** A shopper of the audience, as the plan treats them. */
export interface PlannedShopper {
  /** The group of the shopper by each attribute of the report; null where it is not known. */
  readonly groups: readonly (string | null)[];
  /** Discount of the offer as a share of the price, 0-1; 0 for shoppers without an offer. */
  readonly discountShare: number;
  readonly isAddressed: boolean;
}

/** What one group is offered. */
export interface GroupFairness {
  readonly attribute: string;
  /** Null: shoppers whose group is not known. */
  readonly group: string | null;
  readonly shoppers: number;
  readonly addressedShare: number;
  /** Mean over all shoppers of the group; those without an offer count as 0. */
  readonly meanDiscountShare: number;
  /** The mean less that of all other groups of the attribute, with a 95 % interval. */
  readonly difference: Interval & { readonly estimate: number };
}

/** Groups smaller than this are left out: they would say what single shoppers are offered. */
export const minGroupSize = 20;

/** Shoppers by their group of one attribute. */
function byGroup(
  shoppers: readonly PlannedShopper[],
  attribute: number,
): Map<string | null, PlannedShopper[]> {
  const groups = new Map<string | null, PlannedShopper[]>();
  for (const shopper of shoppers) {
    const group = shopper.groups[attribute];
    const members = groups.get(group);
    if (members) members.push(shopper);
    else groups.set(group, [shopper]);
  }
  return groups;
}

const discountsOf = (shoppers: readonly PlannedShopper[]): Float64Array =>
  Float64Array.from(shoppers, ({ discountShare }) => discountShare);

/**
 * Compares what the groups of each attribute are offered, the largest difference first. Groups of fewer than
 * `minGroupSize` shoppers are left out, and so are attributes with one group. O(shoppers × attributes).
 *
 * @param attributes - names, in the order of `groups`
 */
export function offerFairness(
  shoppers: readonly PlannedShopper[],
  attributes: readonly string[],
): readonly GroupFairness[] {
  const report: GroupFairness[] = [];
  for (const [place, attribute] of attributes.entries()) {
    const groups = byGroup(shoppers, place);
    for (const [group, members] of groups) {
      const others = [...groups].flatMap(([other, list]) => (other === group ? [] : list));
      if (Math.min(members.length, others.length) < minGroupSize) continue;
      const own = momentsOf(discountsOf(members));
      const difference = differenceOfMeans(own, momentsOf(discountsOf(others)));
      report.push({
        attribute,
        group,
        shoppers: members.length,
        addressedShare: members.filter(({ isAddressed }) => isAddressed).length / members.length,
        meanDiscountShare: own.mean,
        difference: { estimate: difference.effect, ...intervalOf(difference, fixedHorizonWidth()) },
      });
    }
  }
  return report.sort((a, b) => Math.abs(b.difference.estimate) - Math.abs(a.difference.estimate));
}
