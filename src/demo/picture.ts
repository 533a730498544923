/** What a picture shows. */
export interface PictureSettings {
  /** Index of the taste: the hue. */
  readonly taste: number;
  /** Index of the kind: the outline. */
  readonly kind: number;
  /** Index of the brand within the taste: the shade. */
  readonly brand: number;
  /** A letter or a Chinese character that stands for the kind. */
  readonly letter: string;
}

/** Angle between the hues of consecutive tastes, in degrees; coprime to 360, so that no two of 16 tastes look alike. */
const hueStep = 67;

/** Outlines on a canvas of 96 × 96: a box, a bottle, a disc, a bag, a folded cloth and a screen. */
const outlines: readonly string[] = [
  'M22 28h52v44H22z',
  'M42 14h12v14l10 12v42H32V40l10-12z',
  'M48 18a30 30 0 1 0 .1 0z',
  'M26 34h44l6 46H20zM36 34a12 12 0 0 1 24 0',
  'M20 40l28-18 28 18v36H20z',
  'M16 22h64v44H16zM36 72h24v6H36z',
];

/**
 * Returns the picture of a product as a `data:` address with an SVG image, below 1,000 characters. It needs no file and no
 * other host. Equal settings give equal pictures.
 */
export function pictureOf({ taste, kind, brand, letter }: PictureSettings): string {
  const hue = (taste * hueStep) % 360;
  const shade = 34 + (brand % 4) * 6;
  const svg = [
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 96 96'>",
    `<rect width='96' height='96' fill='hsl(${hue} 40% 92%)'/>`,
    `<path d='${outlines[kind % outlines.length]}' fill='hsl(${hue} 45% ${shade}%)' stroke='hsl(${hue} 45% ${shade}%)' stroke-width='3' stroke-linejoin='round'/>`,
    `<text x='48' y='60' font-size='22' font-family='sans-serif' text-anchor='middle' fill='#fff'>${letter}</text></svg>`,
  ].join('');
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
