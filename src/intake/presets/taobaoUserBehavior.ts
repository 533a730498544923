import { parseDecimal } from '../numbers';
import { type Problem, problem } from '../rejections';
import { giveEvent, giveProduct } from './give';
import type { DelimitedReader, ImportContext, Preset, RowSink } from './preset';

const types: ReadonlyMap<string, string> = new Map([
  ['pv', 'VIEW'],
  ['fav', 'WISHLIST'],
  ['cart', 'CART_ADD'],
  ['buy', 'PURCHASE'],
]);
const firstLine = /^\d+,\d+,\d+,(?:pv|fav|cart|buy),\d+$/;

/** Number of products whose categories are kept, so that a product is written once and not with every event. */
const maxRemembered = 1_000_000;

/**
 * Taobao User Behavior (Alibaba 2018): `user,item,category,type,unix seconds`, no header. pv is VIEW, fav WISHLIST, cart
 * CART_ADD, buy PURCHASE. The event's id consists of user, item, type and second: a repeated line is one event.
 */
export const taobaoUserBehavior: Preset = {
  name: 'taobao-user-behavior',
  version: 1,
  files: 'one CSV without header: user,item,category,type (pv, fav, cart, buy),unix seconds',
  currency: 'CNY',
  start: context => ({
    open: head => (firstLine.test(head.firstLine.trim()) ? taobaoReader(context) : null),
  }),
};

function taobaoReader(context: ImportContext): DelimitedReader {
  const categories = new Map<string, string>();
  return {
    format: 'delimited',
    encoding: 'utf-8',
    hasHeader: false,
    dialect: { delimiter: ',', quoted: false, columns: 5 },
    read([userId, productId, category, word, seconds], _lineNumber, sink) {
      const type = types.get(word);
      if (!type) {
        const got = `text of ${word.length} characters`;
        return problem('TYPE_UNKNOWN', 'type', 'pv, fav, cart or buy', got, 'Correct the type.');
      }
      return (
        giveCategory(categories, productId, category, context, sink) ??
        giveEvent(
          {
            id: `${userId}:${productId}:${word}:${seconds}`,
            userId,
            productId,
            type,
            occurredAt: new Date(parseDecimal(seconds) * 1000),
          },
          context,
          sink,
        )
      );
    },
  };
}

function giveCategory(
  categories: Map<string, string>,
  id: string,
  category: string,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  if (categories.get(id) === category) return null;
  const found = giveProduct({ id, categoryPath: [category] }, context, sink);
  if (categories.size >= maxRemembered) categories.clear();
  if (!found) categories.set(id, category);
  return found;
}
