import { wordsWithSinglesOf } from '../../text/words';

const english = `red blue green yellow pink purple black white grey gray brown orange ivory cream beige gold golden silver turquoise lilac
mauve navy violet coloured colored colour color multicolour multicolor multi assorted assortment light dark pale bright small large
medium mini big tiny huge giant xl xxl xs size sized short tall wide set pack packet piece pcs pc pair pk ct count dozen
single double triple new old style design type misc miscellaneous other each oz lb kg ml cm mm inch ltr`;

const chinese = `红色 蓝色 绿色 黄色 粉色 紫色 黑色 白色 灰色 棕色 橙色 金色 银色 米色 颜色 大号 中号 小号 套装 新款 款式`;

/** Words for a variant of a product (colour, size, number in a pack), which are of no interest on their own. */
const variantWords: ReadonlySet<string> = new Set(
  `${english} ${chinese}`.split(/\s+/).flatMap(word => wordsWithSinglesOf(word)),
);

/** Whether a word can say what a product is: not a number, a single letter, or a word for a variant. */
export const isTopical = (word: string): boolean =>
  !/^(?:\p{Nd}|\p{Script=Latin}$)/u.test(word) && !variantWords.has(word);
