import { GatewayError } from '../../domain/errors';
import { declares } from '../../models/capability';
import type { ModelCard } from '../../models/model';
import type { LiveModel, LiveModels } from '../live/liveModel';

/** Added to both figures of a quotient: a popularity figure near 0 is noise. */
const smoothing = 0.001;

/**
 * A model's figure divided by that of popularity, both measured on the products that its training held out; 0 where that
 * was not measured. Trainings of different days hold out different products, so their figures alone do not compare. Models
 * measured on the same products share one popularity figure and keep the order of their own.
 */
function measured({ record: { metrics } }: LiveModel): number {
  const [own, popularity] = [metrics['ndcg@20'], metrics['baseline:ndcg@20']];
  return own === undefined || popularity === undefined ? 0 : (own + smoothing) / (popularity + smoothing);
}

/**
 * The model that did best on the shop's own held-out products comes first, even if it is the simplest. Equals keep the order of
 * the config; models that the config does not list follow, in order of their names.
 */
function byMeasuredQuality(order: readonly string[]): (a: LiveModel, b: LiveModel) => number {
  const place = ({ card }: LiveModel): number => {
    const index = order.indexOf(card.name);
    return index < 0 ? order.length : index;
  };
  return (a, b) => measured(b) - measured(a) || place(a) - place(b) || (a.card.name < b.card.name ? -1 : 1);
}

/** Live models by measured quality. A shop's models are replaced as a whole, so their map is the key of the cache. */
const sortedBy = new WeakMap<
  LiveModels,
  { readonly order: readonly string[]; readonly sorted: readonly LiveModel[] }
>();

function sortedModels(models: LiveModels, order: readonly string[]): readonly LiveModel[] {
  const known = sortedBy.get(models);
  if (known?.order === order) return known.sorted;
  const sorted = [...models.values()].sort(byMeasuredQuality(order));
  sortedBy.set(models, { order, sorted });
  return sorted;
}

/** The card of a strategy that a request names. */
export type AskedStrategy = Pick<ModelCard, 'name' | 'servesAs' | 'capabilities'>;

/** The models that a request uses, in order of preference. */
export interface SourceModels {
  /** Models of the requested kind: personal ones, or the one requested by name. Empty when none is published. */
  readonly wanted: readonly LiveModel[];
  /** Models that declare `complements`, the requested one first. */
  readonly complements: readonly LiveModel[];
  /** The wanted models and those that fill the list after them: other personal ones, then popular ones. */
  readonly chain: readonly LiveModel[];
  /** False only if a non-personal strategy was requested. */
  readonly isPersonal: boolean;
}

/**
 * Orders live models by their quality on the shop's held-out products: personal models, then non-personal ones.
 * A strategy requested by name comes first; when it is non-personal, personal models are left out. A model that only knows
 * repeats leads a list only when it is requested: a shopper's list is more than what they bought before.
 *
 * @param order - tie-break order: model names
 * @param asked - card of the strategy requested by name, also when it is not live; null when none was
 * @param isUsable - leaves out models that cannot make this kind of list
 */
export function sourceModelsOf(
  models: LiveModels,
  order: readonly string[],
  asked: Pick<AskedStrategy, 'name' | 'servesAs'> | null,
  isUsable: (live: LiveModel) => boolean = () => true,
): SourceModels {
  const sorted = sortedModels(models, order);
  const isComplement = ({ card }: LiveModel): boolean => declares(card, 'complements');
  const isRepeat = ({ card }: LiveModel): boolean => declares(card, 'buyAgain');
  const personal = sorted.filter(
    live => live.card.servesAs === 'MODEL' && !isComplement(live) && !isRepeat(live) && isUsable(live),
  );
  const popular = sorted.filter(live => live.card.servesAs === 'POPULAR');
  const isPersonal = asked === null || asked.servesAs === 'MODEL';
  const byDefault = isPersonal ? [...personal, ...popular] : popular;
  const complements = sorted.filter(isComplement);
  if (asked === null) return { wanted: personal, complements, chain: byDefault, isPersonal };
  const isAsked = ({ card }: LiveModel): boolean => card.name === asked.name;
  const askedFirst = (models: readonly LiveModel[]): LiveModel[] => [
    ...models.filter(isAsked),
    ...models.filter(live => !isAsked(live)),
  ];
  const repeats = sorted.filter(live => isRepeat(live) && isAsked(live) && isUsable(live));
  return {
    wanted: [...byDefault, ...repeats, ...complements].filter(isAsked),
    complements: askedFirst(complements),
    chain: askedFirst([...byDefault, ...repeats]),
    isPersonal,
  };
}

/** The models of a chain that rank for everybody, also for a visitor without any history. */
export const popularOf = (chain: readonly LiveModel[]): readonly LiveModel[] =>
  chain.filter(({ card }) => declares(card, 'coldStart') && card.servesAs === 'POPULAR');

/** @throws {GatewayError} BAD_USER_INPUT unless the requested strategy declares `complements` */
export function checkTogether(asked: AskedStrategy | null): void {
  if (asked === null || declares(asked, 'complements')) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a strategy that knows what is bought together; got ${asked.name}. Leave it out for the shop's own order.`,
    { strategy: asked.name },
  );
}

/** @throws {GatewayError} BAD_USER_INPUT unless the requested strategy declares `similar`, or is non-personal */
export function checkSimilar(asked: AskedStrategy | null): void {
  if (asked?.servesAs !== 'MODEL' || declares(asked, 'similar')) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a strategy that knows which products are alike; got ${asked.name}. Leave it out for the shop's own order.`,
    { strategy: asked.name },
  );
}
