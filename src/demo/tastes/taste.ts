/** A text in both languages of the shop. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** A kind of product within a taste ("2-person tent"). */
export interface ProductKind {
  /** Category below the taste's own ("Shelter"). */
  readonly group: Bilingual;
  readonly name: Bilingual;
  /** Median price in yuan. */
  readonly yuan: number;
  /** Words that may precede the name in a title. */
  readonly features: readonly Bilingual[];
  /** Words that may follow the name in a title: a colour, a size, a flavour. */
  readonly options: readonly Bilingual[];
  /** Id of a second taste of this kind; null: none. */
  readonly alsoTaste: string | null;
}

/** A latent interest with its products, words and season. */
export interface Taste {
  readonly id: string;
  readonly name: Bilingual;
  readonly department: Bilingual;
  readonly brands: readonly Bilingual[];
  /** The kit: kinds in the order in which newcomers usually buy them. */
  readonly kinds: readonly ProductKind[];
  /** Sentences of product descriptions. */
  readonly benefits: readonly Bilingual[];
  /** When and where the products are used ("on a rainy weekend"), for posts. */
  readonly scenes: readonly Bilingual[];
  /** Demand by month, January first; about 1 on average. */
  readonly season: readonly number[];
  /** Ids of tastes that often occur together with this one. */
  readonly neighbours: readonly string[];
  /** Relative share of shoppers with this taste. */
  readonly reach: number;
}

/** Source form of a kind: `english|中文`, lists separated by `;`. */
export interface WrittenKind {
  readonly group: string;
  readonly name: string;
  readonly yuan: number;
  readonly features: string;
  readonly options: string;
  readonly alsoTaste?: string;
}

/** Source form of a taste. */
export interface WrittenTaste {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly brands: string;
  readonly kinds: readonly WrittenKind[];
  readonly benefits: readonly string[];
  readonly scenes: string;
  readonly season: readonly number[];
  readonly neighbours: readonly string[];
  readonly reach: number;
}

/**
 * Parses `english|中文`.
 *
 * @throws {RangeError} when either half is missing
 */
export function bilingual(written: string): Bilingual {
  const [en, zh, ...rest] = written.split('|').map(half => half.trim());
  if (!en || !zh || rest.length > 0) {
    throw new RangeError(`Expected "english|中文"; got "${written}". Write both languages, once each.`);
  }
  return { en, zh };
}

const bilingualList = (written: string): readonly Bilingual[] => written.split(';').map(bilingual);

/**
 * Parses the source form of a taste.
 *
 * @throws {RangeError} when a phrase lacks a language or the season does not have twelve months
 */
export function readTaste(written: WrittenTaste): Taste {
  if (written.season.length !== 12) {
    throw new RangeError(
      `Expected 12 months of ${written.id}; got ${written.season.length}. Add the missing months.`,
    );
  }
  return {
    ...written,
    name: bilingual(written.name),
    department: bilingual(written.department),
    brands: bilingualList(written.brands),
    kinds: written.kinds.map(readKind),
    benefits: written.benefits.map(bilingual),
    scenes: bilingualList(written.scenes),
  };
}

function readKind(written: WrittenKind): ProductKind {
  return {
    group: bilingual(written.group),
    name: bilingual(written.name),
    yuan: written.yuan,
    features: bilingualList(written.features),
    options: bilingualList(written.options),
    alsoTaste: written.alsoTaste ?? null,
  };
}
