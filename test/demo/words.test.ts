import { generateDemoShop } from '../../src/demo/demoShop';
import { bilingual, readTaste } from '../../src/demo/tastes/taste';
import { tasteIndex, tastes } from '../../src/demo/tastes/tastes';
import { fill, titleCase } from '../../src/demo/words';
import { demoShop, now, shareOf } from './support';

const han = /\p{Script=Han}/u;
const { shop, events } = demoShop();

/** Real brands and people, in lower case; none may appear in the synthetic shop. */
const real =
  /\b(nike|adidas|puma|reebok|asics|apple|iphone|airpods|samsung|sony|canon|nikon|leica|fujifilm|fuji|dyson|ikea|starbucks|nespresso|illy|lipton|twinings|pampers|huggies|loreal|l’oréal|lancome|nivea|garmin|suunto|shimano|specialized|coleman|patagonia|lululemon|manduka|logitech|razer|corsair|nintendo|playstation|xbox|bose|sennheiser|jbl|marshall|moleskine|lamy|pilot|parker|zwilling|tefal|philips|panasonic|xiaomi|huawei|lenovo|anta|li-ning|uniqlo|muji|royal canin|whiskas|pedigree|lego|jordan|kobe|curry|lebron|messi|ronaldo|amazon|taobao|tmall|jingdong|walmart|google|tiktok)\b/i;
const realHan =
  /耐克|阿迪|彪马|亚瑟士|苹果手机|三星|索尼|佳能|尼康|徕卡|富士|戴森|宜家|星巴克|雀巢|立顿|帮宝适|好奇|欧莱雅|兰蔻|妮维雅|佳明|禧玛诺|迪卡侬|牧高笛|罗技|雷蛇|任天堂|漫步者|漫威|得力|凌美|双立人|苏泊尔|美的|九阳|飞利浦|松下|小米|华为|联想|安踏|李宁|优衣库|无印良品|皇家|乐高|乔丹|科比|库里|姚明|詹姆斯|梅西|淘宝|天猫|京东|拼多多|抖音|百雀羚|珀莱雅|大益|八马|天福/;

describe('the words of the demo shop', () => {
  it('exist in both languages', () => {
    expect(shareOf(shop.products, ({ locale }) => locale === 'zh')).toBeCloseTo(0.55, 1);
    expect(shareOf(shop.users, ({ locale }) => locale === 'zh')).toBeCloseTo(0.6, 1);
    expect(shareOf(shop.products, ({ translations }) => Object.keys(translations).length === 1)).toBeCloseTo(
      0.92,
      1,
    );
  });

  it('are in the declared language', () => {
    for (const { title, description, locale, translations } of shop.products) {
      expect(han.test(title ?? '')).toBe(locale === 'zh');
      expect(han.test(description ?? '')).toBe(locale === 'zh');
      for (const [tag, text] of Object.entries(translations))
        expect(han.test(text.title ?? '')).toBe(tag === 'zh');
    }
  });

  it('give every product a category path in both languages, equally deep', () => {
    for (const { categoryPath, attributes } of shop.products) {
      const { categoryPathZh } = attributes;
      const chinese = categoryPathZh as readonly string[];
      expect(categoryPath).toHaveLength(3);
      expect(chinese).toHaveLength(3);
      expect(categoryPath.some(step => han.test(step))).toBe(false);
      expect(chinese.every(step => han.test(step))).toBe(true);
    }
  });

  it('let shoppers search and post in their own language', () => {
    const localeOf = new Map(shop.users.map(({ id, locale }) => [id, locale]));
    const searches = events.filter(({ type }) => type === 'SEARCH');
    const chinese = searches.filter(({ userId }) => localeOf.get(userId) === 'zh');
    expect(chinese.every(({ queryText }) => han.test(queryText ?? ''))).toBe(true);
    const english = searches.filter(({ userId }) => localeOf.get(userId) === 'en');
    expect(english.some(({ queryText }) => han.test(queryText ?? ''))).toBe(false);
    expect(shop.posts.every(({ body, locale }) => han.test(body) === (locale === 'zh'))).toBe(true);
  });

  it('leave no placeholder unfilled', () => {
    const texts = [
      ...shop.posts.map(({ body }) => body),
      ...shop.reactions.map(({ body }) => body ?? ''),
      ...events.map(({ queryText }) => queryText ?? ''),
      ...shop.products.flatMap(({ title, description }) => [title ?? '', description ?? '']),
    ];
    expect(texts.filter(text => /[{}|]|undefined|lorem/i.test(text))).toEqual([]);
  });

  it('name no real brand and no real person', () => {
    const untranslated = generateDemoShop({ seed: 9, scale: 2, now });
    const texts = untranslated.products.flatMap(({ title, description, translations }) => [
      title ?? '',
      description ?? '',
      ...Object.values(translations).flatMap(text => [text.title ?? '', text.description ?? '']),
    ]);
    const said = [...texts, ...shop.posts.map(({ body }) => body), ...shop.campaigns.map(({ name }) => name)];
    expect(said.filter(text => real.test(text) || realHan.test(text))).toEqual([]);
    expect(real.test('Nike running shoes') && realHan.test('小米手机')).toBe(true);
  });
});

describe('the tastes', () => {
  it('are sixteen, with distinct names and eight kinds each, in both languages', () => {
    expect(tastes).toHaveLength(16);
    for (const language of ['en', 'zh'] as const) {
      expect(new Set(tastes.map(({ name }) => name[language])).size).toBe(16);
      const kinds = tastes.flatMap(taste => taste.kinds.map(({ name }) => name[language]));
      expect(new Set(kinds).size).toBe(kinds.length);
    }
    for (const taste of tastes) {
      expect(taste.kinds).toHaveLength(8);
      expect(new Set(taste.brands.map(({ en }) => en)).size).toBe(taste.brands.length);
    }
  });

  it('have seasons of about 1 on average', () => {
    for (const { season } of tastes) {
      expect(season.reduce((sum, month) => sum + month, 0) / 12).toBeCloseTo(1, 0);
    }
  });

  it('name existing neighbours other than themselves', () => {
    for (const { id, neighbours } of tastes) {
      expect(neighbours.every(neighbour => tasteIndex(neighbour) >= 0 && neighbour !== id)).toBe(true);
    }
    expect(() => tasteIndex('astrology')).toThrow(RangeError);
  });

  it('reject a phrase in one language and a season of eleven months', () => {
    expect(() => bilingual('only English')).toThrow(RangeError);
    expect(() => bilingual('one|二|three')).toThrow(RangeError);
    const written = { id: 'x', name: 'x|某', department: 'x|某', brands: 'x|某', kinds: [], benefits: [] };
    const rest = { scenes: 'x|某', neighbours: [], reach: 1 };
    expect(() => readTaste({ ...written, ...rest, season: Array(11).fill(1) })).toThrow(RangeError);
  });
});

describe('words', () => {
  it.each([
    ['2-person tent', '2-Person Tent'],
    ['food and drink', 'Food and Drink'],
    ['SPF 50 sunscreen', 'SPF 50 Sunscreen'],
    ['chef’s knife', 'Chef’s Knife'],
  ])('writes %s as %s', (text, title) => expect(titleCase(text)).toBe(title));

  it('fills known placeholders and keeps unknown ones', () => {
    expect(fill('{kind} for {whom}', { kind: 'tea' })).toBe('tea for {whom}');
  });
});
