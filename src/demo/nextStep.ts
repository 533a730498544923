/**
 * Probabilities of the steps of a visit. Three of them depend on more than the last two steps:
 *
 * - A visit that began with a search is paid for more often.
 * - The product put into the cart is often the first of the visit.
 * - The next kind viewed in a taste depends on how much of its kit was bought in earlier visits.
 */
export const nextStep = {
  /** Before each product of the mission: a view of something else (a friend's purchase, a trend, another taste). */
  detourRate: 0.22,
  /** Products viewed after the first: mean and maximum. */
  furtherViews: { mean: 2.4, max: 8 },
  /** Click after a view: base rate, and its increase with liking (0-1). */
  clickRate: { base: 0.15, liking: 0.4 },
  /** A product is put into the cart, by how the visit began. */
  cartRate: { searched: 0.5, browsed: 0.27 },
  /** Added to cartRate after this many products. */
  comparedBonus: { from: 3, rate: 0.15 },
  /** The first product of the visit goes into the cart, instead of the best liked. */
  returnToFirstRate: 0.45,
  /** After a product is in the cart: view of the next kind of the kit, and adding it to the cart. */
  crossSell: { lookRate: 0.35, addRate: 0.35 },
  /** Payment of the cart, by how the visit began. */
  payRate: { searched: 0.7, browsed: 0.25 },
  /** An unpaid cart is emptied at once; otherwise it is kept for a later visit. */
  removeRate: 0.25,
  /** A visit begins with a kept cart, which is then paid, or emptied. */
  resumed: { rate: 0.4, payRate: 0.5, removeRate: 0.2 },
  /** The next kind viewed in a taste: the first of its kit not yet bought; else the last bought again; else any. */
  kit: { nextRate: 0.6, againRate: 0.15 },
  /** A kind of another taste that also belongs to the mission's taste. */
  sharedKindRate: 0.12,
  wishlistRate: 0.07,
  shareRate: 0.025,
  dislikeRate: 0.09,
  /** For a product of average quality; better ones are returned less. */
  returnRate: 0.06,
  ratingRate: 0.35,
} as const;

/** The type of {@link nextStep}. */
export type NextStepParameters = typeof nextStep;
