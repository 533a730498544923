import { GatewayError } from '../../domain/errors';
import { declares } from '../../models/capability';
import type { LiveModel, LiveModels } from '../live/liveModel';

/** Added to both figures of a quotient: where popularity found next to nothing, what it found is chance. */
const chance = 0.001;

/**
 * How many times as well as popularity a model did on the products its training held out; 0 where that was not measured.
 * Trainings of different days hold out different products, on which popularity, too, does better or worse: so a figure
 * counts only over that of popularity measured beside it. Of models measured on the same products popularity's is one
 * number, and they come in the order of their figures.
 */
function measured({ record: { metrics } }: LiveModel): number {
  const [own, popularity] = [metrics['ndcg@20'], metrics['baseline:ndcg@20']];
  return own === undefined || popularity === undefined ? 0 : (own + chance) / (popularity + chance);
}

/**
 * The model that did best on the shop's own held-out products first: where a simple one wins, it serves. Among equals,
 * the order of the config; the unlisted come after, in order of their names.
 */
function byMerit(order: readonly string[]): (a: LiveModel, b: LiveModel) => number {
  const place = ({ card }: LiveModel): number => {
    const index = order.indexOf(card.name);
    return index < 0 ? order.length : index;
  };
  return (a, b) => measured(b) - measured(a) || place(a) - place(b) || (a.card.name < b.card.name ? -1 : 1);
}

/** Which models a request asks, in which order. */
export interface Candidates {
  /** Models of the wanted kind: personal ones, or the one asked for by name. Empty when none is published. */
  readonly wanted: readonly LiveModel[];
  /** Models that know what completes a cart, the one asked for first. */
  readonly complements: readonly LiveModel[];
  /** What tops up: the other personal ones (when any is wanted), then the popular ones. */
  readonly chain: readonly LiveModel[];
  /** Whether the shopper's history is to be used at all. */
  readonly isPersonal: boolean;
}

/**
 * Orders the live models: the one asked for, then those that learn from a shopper, then the popular ones; within each,
 * the best measured first. Models that know carts only are apart: they have no part in the usual order. Asking for a popular one
 * by name leaves the personal ones out.
 *
 * @param servesAs - of the model asked for by name, also when it is not live; undefined when none was asked for
 * @param isUsable - leaves out models that cannot answer this kind of question
 */
export function candidatesOf(
  models: LiveModels,
  order: readonly string[],
  asked: { readonly name: string; readonly servesAs: 'MODEL' | 'POPULAR' } | null,
  isUsable: (live: LiveModel) => boolean = () => true,
): Candidates {
  const sorted = [...models.values()].sort(byMerit(order));
  const isComplement = ({ card }: LiveModel): boolean => declares(card, 'complements');
  const personal = sorted.filter(
    live => live.card.servesAs === 'MODEL' && !isComplement(live) && isUsable(live),
  );
  const popular = sorted.filter(live => live.card.servesAs === 'POPULAR');
  const isPersonal = asked === null || asked.servesAs === 'MODEL';
  const usual = isPersonal ? [...personal, ...popular] : popular;
  const complements = sorted.filter(isComplement);
  if (asked === null) return { wanted: personal, complements, chain: usual, isPersonal };
  const isAsked = ({ card }: LiveModel): boolean => card.name === asked.name;
  const askedFirst = (models: readonly LiveModel[]): LiveModel[] => [
    ...models.filter(isAsked),
    ...models.filter(live => !isAsked(live)),
  ];
  return {
    wanted: [...usual, ...complements].filter(isAsked),
    complements: askedFirst(complements),
    chain: askedFirst(usual),
    isPersonal,
  };
}

/** @throws {GatewayError} BAD_USER_INPUT */
export function refuseTogether(strategy: string): never {
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a strategy that knows what is bought together; got ${strategy}. Leave it out for the shop's own order.`,
    { strategy },
  );
}

/** @throws {GatewayError} BAD_USER_INPUT */
export function refuseSimilar(strategy: string): never {
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a strategy that knows which products are alike; got ${strategy}. Leave it out for the shop's own order.`,
    { strategy },
  );
}
