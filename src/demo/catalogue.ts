import { type ProductId, type ShopId, toProductId } from '../domain/ids';
import type { Product } from '../domain/product';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs } from './calendar';
import { between, chance, cumulate, drawIndex, logNormal } from './draws';
import { streamOf } from './streams';
import type { Bilingual, ProductKind } from './tastes/taste';
import { tasteIndex, tastes } from './tastes/tastes';
import { type Language, otherLanguage, sentenceCase, titleCase } from './words';

/** A kind of product with the numbers that the generator works with. */
export interface Kind extends ProductKind {
  /** Index in {@link kinds}. */
  readonly index: number;
  /** Index of its taste. */
  readonly taste: number;
  /** Index of the second taste it belongs to; -1 for most. */
  readonly also: number;
}

/** Every kind of every taste, in order: the kinds of one taste follow each other. */
export const kinds: readonly Kind[] = tastes
  .flatMap((taste, index) => taste.kinds.map(kind => ({ ...kind, taste: index })))
  .map((kind, index) => ({
    ...kind,
    index,
    also: kind.alsoTaste === null ? -1 : tasteIndex(kind.alsoTaste),
  }));

/** Indices of the kinds of each taste, in the order of its kit, then those of other tastes that also belong to it. */
export const kindsOfTaste: readonly {
  readonly own: readonly number[];
  readonly shared: readonly number[];
}[] = tastes.map((_, taste) => ({
  own: kinds.filter(kind => kind.taste === taste).map(kind => kind.index),
  shared: kinds.filter(kind => kind.also === taste).map(kind => kind.index),
}));

/** A product with what only the generator knows of it. */
export interface DemoProduct {
  readonly product: Product;
  /** Index in {@link kinds}. */
  readonly kind: number;
  /** Index in the brands of its taste. */
  readonly brand: number;
  /** Log of its price over its kind's median: 0 = typical, 0.5 = dear. */
  readonly priceLevel: number;
  /** Standard normal: drives ratings and returns. */
  readonly quality: number;
  /** Relative demand before seasons and fashions; log-normal. */
  readonly popularity: number;
  /** Day of the calendar on which it is first on sale; 0 for those already there. */
  readonly launchDay: number;
  /** First day of three weeks of fashion; -1 for most. */
  readonly fashionDay: number;
}

/** What the catalogue is made from. */
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
/** Days a fashion lasts; those of now end with the calendar. */
export const fashionDays = 21;

/** The catalogue: kinds by the reach of their taste, titles without repeats, neutral ids in mixed order. */
export function generateCatalogue(settings: CatalogueSettings): readonly DemoProduct[] {
  const rng = streamOf(settings.seed, 'catalogue');
  const namers = kinds.map(kind => namesOf(kind, rng));
  const drawn = rng.shuffle(kindQuotas(settings.count, rng));
  return drawn.map((kind, index) => makeProduct(kinds[kind], namers[kind](), { rng, index, settings }));
}

/** Coprime to the number of kinds: a small shop has some kinds of every taste. */
const kindStride = 37;

/** The kind of each product: every kind twice where there is room, the rest by reach. */
function kindQuotas(count: number, rng: Rng): number[] {
  const sums = cumulate(kinds.map(kind => tastes[kind.taste].reach));
  return Array.from({ length: count }, (_, i) =>
    i < 2 * kinds.length ? (i * kindStride) % kinds.length : drawIndex(rng, sums),
  );
}

/** What tells one product of a kind from the next. */
interface Name {
  readonly brand: number;
  readonly feature: Bilingual;
  readonly option: Bilingual;
  /** 1 for the first product of these words, 2 for its successor … */
  readonly series: number;
}

/** Walks brand × feature × option in a mixed order and without repeats; a second round is a second series. */
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

interface Making {
  readonly rng: Rng;
  readonly index: number;
  readonly settings: CatalogueSettings;
}

function makeProduct(kind: Kind, name: Name, making: Making): DemoProduct {
  const { rng, settings } = making;
  const priceLevel = 0.32 * rng.gaussian() + 0.12 * (name.brand - 2);
  const launchDay = chance(rng, shareLaunchedInYear) ? 1 + rng.int(settings.calendar.days - 8) : 0;
  const launchedAt = settings.calendar.start + (launchDay === 0 ? -rng.int(700) - 1 : launchDay) * dayMs;
  return {
    product: describe(kind, name, { ...making, priceLevel, launchedAt }),
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
  making: Making & { readonly priceLevel: number; readonly launchedAt: number },
): Product {
  const { rng, settings, launchedAt } = making;
  const locale: Language = chance(rng, shareChinese) ? 'zh' : 'en';
  const translated = otherLanguage(locale);
  const texts = textsOf(kind, name, rng);
  const taste = tastes[kind.taste];
  const path = { en: pathIn('en', kind), zh: pathIn('zh', kind) };
  return {
    shopId: settings.shopId,
    id: productIdAt(making.index),
    ...texts[locale],
    locale,
    translations: chance(rng, shareUntranslated) ? {} : { [translated]: texts[translated] },
    categoryPath: path.en,
    tags: [taste.name, kind.name, name.feature].flatMap(tag => [tag.en, tag.zh]),
    priceMinor: priceOf(kind, making.priceLevel, settings.currency),
    currency: settings.currency,
    stock: chance(rng, shareSoldOut) ? 0 : 1 + Math.floor(logNormal(rng, 60, 1)),
    imageUrl: null,
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

/** Id of the n-th product: neutral, so that no model can read a taste from it. */
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

/** A shelf price near the median of the kind: 39.90, 459, 4,299 yuan; 6.99, 64.99 dollars. In minor units. */
function priceOf(kind: Kind, level: number, currency: 'CNY' | 'USD'): number {
  const yuan = kind.yuan * Math.exp(level);
  if (currency === 'USD') return Math.max(1, Math.round(yuan / yuanPerDollar)) * 100 - 1;
  if (yuan < 50) return Math.max(5, Math.round(yuan)) * 100 - 10;
  const step = yuan < 1000 ? 10 : 100;
  return (Math.round(yuan / step) * step - 1) * 100;
}
