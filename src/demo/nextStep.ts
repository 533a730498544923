/**
 * How one visit goes on, step by step. Three of these reach further back than two steps: whether the visit began with a
 * search decides the payment at its end; a shopper who puts something in the cart often returns to the first product of
 * the visit; and what is looked at next in a taste depends on how much of its kit was bought in all earlier visits.
 */
export const nextStep = {
  /** Before each product of the mission: a look at something else (a friend's purchase, a fashion, another taste). */
  detourRate: 0.22,
  /** Further products looked at after the first, on average, and at most. */
  furtherViews: { mean: 2.4, most: 8 },
  /** Click for details after a view: least, and how much more for a product that is liked. */
  clickRate: { least: 0.15, liking: 0.4 },
  /** Something goes into the cart. */
  cartRate: { searched: 0.5, browsed: 0.27 },
  /** More often after this many products. */
  comparedBonus: { from: 3, rate: 0.15 },
  /** What goes into the cart is the first product of the visit, rather than the best liked. */
  returnToFirstRate: 0.45,
  /** A look at the next kind of the kit once something is in the cart, and that it goes in as well. */
  crossSell: { lookRate: 0.35, addRate: 0.35 },
  /** The cart is paid for, by how the visit began. */
  payRate: { searched: 0.7, browsed: 0.25 },
  /** An unpaid cart is emptied at once (otherwise it waits for a later visit). */
  removeRate: 0.25,
  /** A visit begins with the waiting cart; it is then paid, or emptied. */
  resumed: { rate: 0.4, payRate: 0.5, removeRate: 0.2 },
  /** The next kind looked at in a taste is the first of its kit not yet bought; otherwise the last bought again; else any. */
  kit: { nextRate: 0.6, againRate: 0.15 },
  /** A kind of another taste that also belongs to the mission's. */
  sharedKindRate: 0.12,
  wishlistRate: 0.07,
  shareRate: 0.025,
  dislikeRate: 0.09,
  /** For a product of middling quality; better ones come back less. */
  returnRate: 0.06,
  ratingRate: 0.35,
} as const;

/** The type of {@link nextStep}. */
export type NextStepParameters = typeof nextStep;
