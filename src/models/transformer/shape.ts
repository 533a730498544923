import type { TransformerConfig } from './settings';

/** Extents of the network. */
export interface Shape {
  readonly products: number;
  /** d: columns of all heads together, a multiple of 8 per head. */
  readonly width: number;
  readonly heads: number;
  /** Columns of the hidden layer of a feed-forward network. */
  readonly hidden: number;
  readonly blocks: number;
  /** Longest history. */
  readonly span: number;
}

/** The shape that settings ask for. */
export function shapeOf(config: TransformerConfig, products: number): Shape {
  const { rank, heads, blocks, maxLength } = config;
  const width = heads * 8 * Math.ceil(rank / heads / 8);
  return { products, width, heads, hidden: 2 * width, blocks, span: maxLength };
}

/** Where the parameters of one block are, in floats from the first parameter of the network. */
export interface BlockPlaces {
  readonly attentionNorm: number;
  readonly qkvWeight: number;
  readonly qkvBias: number;
  readonly distanceBias: number;
  readonly outWeight: number;
  readonly outBias: number;
  readonly feedNorm: number;
  readonly upWeight: number;
  readonly upBias: number;
  readonly downWeight: number;
  readonly downBias: number;
}

/** Where all parameters are, without the products' embeddings. */
export interface ParameterPlaces {
  readonly blocks: readonly BlockPlaces[];
  readonly lastNorm: number;
  /** Floats of all parameters, a multiple of 4. */
  readonly length: number;
}

/** Lays the parameters out in one array. */
export function parameterPlacesOf({ width, heads, hidden, blocks, span }: Shape): ParameterPlaces {
  let top = 0;
  const take = (length: number): number => {
    const place = top;
    top += 4 * Math.ceil(length / 4);
    return place;
  };
  const laid = Array.from({ length: blocks }, () => ({
    attentionNorm: take(2 * width),
    qkvWeight: take(width * 3 * width),
    qkvBias: take(3 * width),
    distanceBias: take(heads * (span + 8)),
    outWeight: take(width * width),
    outBias: take(width),
    feedNorm: take(2 * width),
    upWeight: take(width * hidden),
    upBias: take(hidden),
    downWeight: take(hidden * width),
    downBias: take(width),
  }));
  const lastNorm = take(2 * width);
  return { blocks: laid, lastNorm, length: top };
}

/** Entries of a history that are dropped together when it outgrows the span: an eighth of the span. */
const hopOf = (span: number): number => Math.max(1, span >> 3);

/**
 * First of `length` liked products that the network reads. It moves an eighth of the span at a time. A state kept event by
 * event must then be recomputed only once per so many events, and both ways of scoring read the same products.
 */
export function windowStart(length: number, span: number): number {
  const hop = hopOf(span);
  return length <= span ? 0 : hop * Math.ceil((length - span) / hop);
}
