import { type ProductId, type ShopId, toProductId } from '../domain/ids';
import type { Product } from '../domain/product';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs } from './calendar';
import { between, chance, cumulate, drawIndex, logNormal } from './draws';
import { pictureOf } from './picture';
import { streamOf } from './streams';
import type { Bilingual, ProductKind } from './tastes/taste';
import { tasteIndex, tastes } from './tastes/tastes';
import { type Language, otherLanguage, sentenceCase, titleCase } from './words';

/** A kind of product with the indices that the generator uses. */
export interface Kind extends ProductKind {
  /** Index in {@link kinds}. */
  readonly index: number;
  /** Index of its taste. */
  readonly taste: number;
  /** Index of its second taste; -1: none. */
  readonly also: number;
}

/** Every kind of every taste; the kinds of one taste are adjacent. */
export const kinds: readonly Kind[] = tastes
  .flatMap((taste, index) => taste.kinds.map(kind => ({ ...kind, taste: index })))
  .map((kind, index) => ({
    ...kind,
    index,
    also: kind.alsoTaste === null ? -1 : tasteIndex(kind.alsoTaste),
  }));

/** Indices of the kinds of each taste: its own in the order of the kit, and those of other tastes that also belong to it. */
export const kindsOfTaste: readonly {
  readonly own: readonly number[];
  readonly shared: readonly number[];
}[] = tastes.map((_, taste) => ({
  own: kinds.filter(kind => kind.taste === taste).map(kind => kind.index),
  shared: kinds.filter(kind => kind.also === taste).map(kind => kind.index),
}));

/** A product with its latent attributes. */
export interface DemoProduct {
  readonly product: Product;
  /** Index in {@link kinds}. */
  readonly kind: number;
  /** Index in the brands of its taste. */
  readonly brand: number;
  /** Log of its price over its kind's median: 0 = typical, 0.5 = expensive. */
  readonly priceLevel: number;
  /** Standard normal; determines ratings and returns. */
  readonly quality: number;
  /** Relative demand before seasons and trends; log-normal. */
  readonly popularity: number;
  /** Day of the calendar on which it is launched; 0 when it was on sale before. */
  readonly launchDay: number;
  /** First day of its three weeks in fashion; -1: never. */
  readonly fashionDay: number;
}

/** Inputs of the generated catalogue. */
export interface CatalogueSettings {
  readonly shopId: ShopId;
  readonly seed: number;
  readonly count: number;
  readonly calendar: Calendar;
  readonly currency: 'CNY' | 'USD';
}

const yuanPerDollar = 7.1;
const shareLaunchedInYear = 0.25;
const shareInFashionNow = 0.03;
const shareOnceInFashion = 0.15;
const shareUntranslated = 0.08;
const shareChinese = 0.55;
const shareSoldOut = 0.05;
const shareWithdrawn = 0.02;
/** Days that a fashion lasts; the current ones end with the calendar. */
export const fashionDays = 21;

/** Generates the catalogue: kinds by the reach of their taste, unique titles, neutral ids in random order. */
export function generateCatalogue(settings: CatalogueSettings): readonly DemoProduct[] {
  const rng = streamOf(settings.seed, 'catalogue');
  const namers = kinds.map(kind => namesOf(kind, rng));
  const drawn = rng.shuffle(kindQuotas(settings.count, rng));
  return drawn.map((kind, index) => makeProduct(kinds[kind], namers[kind](), { rng, index, settings }));
}

/** Coprime to the number of kinds, so that a small shop has some kinds of every taste. */
const kindStride = 37;

/** The kind of each product: every kind up to twice, the rest by reach. */
function kindQuotas(count: number, rng: Rng): number[] {
  const sums = cumulate(kinds.map(kind => tastes[kind.taste].reach));
  return Array.from({ length: count }, (_, i) =>
    i < 2 * kinds.length ? (i * kindStride) % kinds.length : drawIndex(rng, sums),
  );
}

/** The parts of a title that distinguish products of one kind. */
interface Name {
  readonly brand: number;
  readonly feature: Bilingual;
  readonly option: Bilingual;
  /** 1 for the first product with these words, 2 for the second … */
  readonly series: number;
}

/** Enumerates brand × feature × option in random order without repeats; a second round starts a second series. */
function namesOf(kind: Kind, rng: Rng): () => Name {
  const brands = tastes[kind.taste].brands.length;
  const total = brands * kind.features.length * kind.options.length;
  const order = rng.shuffle(Uint16Array.from({ length: total }, (_, i) => i));
  let taken = 0;
  return () => {
    const series = Math.floor(taken / total) + 1;
    const at = order[taken++ % total];
    const rest = Math.floor(at / brands);
    return {
      brand: at % brands,
      feature: kind.features[rest % kind.features.length],
      option: kind.options[Math.floor(rest / kind.features.length)],
      series,
    };
  };
}

interface ProductContext {
  readonly rng: Rng;
  readonly index: number;
  readonly settings: CatalogueSettings;
}

function makeProduct(kind: Kind, name: Name, context: ProductContext): DemoProduct {
  const { rng, settings } = context;
  const priceLevel = 0.32 * rng.gaussian() + 0.12 * (name.brand - 2);
  const launchDay = chance(rng, shareLaunchedInYear) ? 1 + rng.int(settings.calendar.days - 8) : 0;
  const launchedAt = settings.calendar.start + (launchDay === 0 ? -rng.int(700) - 1 : launchDay) * dayMs;
  return {
    product: describe(kind, name, { ...context, priceLevel, launchedAt }),
    kind: kind.index,
    brand: name.brand,
    priceLevel,
    quality: rng.gaussian(),
    popularity: logNormal(rng, 1, 1),
    launchDay,
    fashionDay: drawFashion(rng, settings.calendar.days, launchDay),
  };
}

function drawFashion(rng: Rng, days: number, launchDay: number): number {
  const draw = rng.uniform();
  if (draw < shareInFashionNow) return days - fashionDays;
  if (draw < shareInFashionNow + shareOnceInFashion) {
    return Math.floor(between(rng, launchDay, days - fashionDays));
  }
  return -1;
}

function describe(
  kind: Kind,
  name: Name,
  context: ProductContext & { readonly priceLevel: number; readonly launchedAt: number },
): Product {
  const { rng, settings, launchedAt } = context;
  const locale: Language = chance(rng, shareChinese) ? 'zh' : 'en';
  const translated = otherLanguage(locale);
  const texts = textsOf(kind, name, rng);
  const taste = tastes[kind.taste];
  const path = { en: pathIn('en', kind), zh: pathIn('zh', kind) };
  return {
    shopId: settings.shopId,
    id: productIdAt(context.index),
    ...texts[locale],
    locale,
    translations: chance(rng, shareUntranslated) ? {} : { [translated]: texts[translated] },
    categoryPath: path.en,
    tags: [taste.name, kind.name, name.feature].flatMap(tag => [tag.en, tag.zh]),
    priceMinor: priceOf(kind, context.priceLevel, settings.currency),
    currency: settings.currency,
    stock: chance(rng, shareSoldOut) ? 0 : 1 + Math.floor(logNormal(rng, 60, 1)),
    imageUrl: pictureOf({
      taste: kind.taste,
      kind: kind.index,
      brand: name.brand,
      letter: kind.name.zh.slice(-1),
    }),
    attributes: {
      brand: taste.brands[name.brand].en,
      brandZh: taste.brands[name.brand].zh,
      option: name.option.en,
      optionZh: name.option.zh,
      categoryPathZh: path.zh,
    },
    isActive: !chance(rng, shareWithdrawn),
    createdAt: launchedAt,
    updatedAt: launchedAt,
    isStub: false,
  };
}

/** Id of the n-th product: neutral, so that no model can infer a taste from it. */
const productIdAt = (index: number): ProductId => toProductId(`sku-${10_001 + index}`);

/** Category path in one language, from the department down. */
function pathIn(language: Language, kind: Kind): readonly string[] {
  const taste = tastes[kind.taste];
  const steps = [taste.department, taste.name, kind.group].map(step => step[language]);
  return language === 'en' ? steps.map(titleCase) : steps;
}

type Texts = Readonly<Record<Language, { readonly title: string; readonly description: string }>>;

function textsOf(kind: Kind, name: Name, rng: Rng): Texts {
  const taste = tastes[kind.taste];
  const brand = taste.brands[name.brand];
  const first = rng.int(taste.benefits.length);
  const second = (first + 1 + rng.int(taste.benefits.length - 1)) % taste.benefits.length;
  const [one, two] = [taste.benefits[first], taste.benefits[second]];
  const series =
    name.series > 1 ? { en: ` Series ${name.series}`, zh: `第${name.series}代 ` } : { en: '', zh: '' };
  return {
    en: {
      title: `${brand.en}${series.en} ${titleCase(`${name.feature.en} ${kind.name.en}`)}, ${sentenceCase(name.option.en)}`,
      description: `${sentenceCase(name.feature.en)} ${kind.name.en} by ${brand.en}. ${one.en} ${two.en}`,
    },
    zh: {
      title: `${brand.zh} ${series.zh}${name.feature.zh}${kind.name.zh} ${name.option.zh}`,
      description: `${brand.zh}的${name.feature.zh}${kind.name.zh}。${one.zh}${two.zh}`,
    },
  };
}

/** A rounded retail price near the median of the kind, in minor units: 39.90, 459, 4,299 yuan; 6.99, 64.99 dollars. */
function priceOf(kind: Kind, level: number, currency: 'CNY' | 'USD'): number {
  const yuan = kind.yuan * Math.exp(level);
  if (currency === 'USD') return Math.max(1, Math.round(yuan / yuanPerDollar)) * 100 - 1;
  if (yuan < 50) return Math.max(5, Math.round(yuan)) * 100 - 10;
  const step = yuan < 1000 ? 10 : 100;
  return (Math.round(yuan / step) * step - 1) * 100;
}
