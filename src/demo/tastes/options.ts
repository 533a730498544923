/** Option lists shared by many kinds, as `english|中文` separated by `;`. */
export const colours =
  'charcoal|炭灰; ivory|象牙白; navy|藏青; rust|铁锈红; olive|橄榄绿; sand|沙色; sky blue|天蓝';
/** Colours of outdoor goods. */
export const earthColours =
  'sage green|鼠尾草绿; sand|沙色; slate|石板灰; khaki|卡其; moss|苔绿; clay|陶土色';
/** Clothing sizes with a colour. */
export const clothing =
  'black, S|黑色 S码; black, M|黑色 M码; grey, L|灰色 L码; navy, M|藏青 M码; white, L|白色 L码; wine red, XL|酒红 XL码';
/** Shoe sizes with a colour. */
export const shoes =
  'white, EU 40|白色 40码; black, EU 42|黑色 42码; grey-orange, EU 41|灰橙 41码; blue, EU 43|蓝色 43码; lime, EU 39|柠绿 39码; black, EU 38|黑色 38码';
/** Finishes of electrical goods. */
export const finishes =
  'matte black|磨砂黑; pearl white|珍珠白; space grey|深空灰; midnight blue|午夜蓝; warm silver|暖银';
/** Weights of loose goods. */
export const weights =
  '100 g|100克; 150 g|150克; 250 g|250克; 500 g|500克; gift tin|礼罐装; twin pack|两袋装';
/** Woods. */
export const woods = 'walnut|胡桃木; beech|榉木; bamboo|竹; oak|橡木; cherry wood|樱桃木';
/** Contents of bottles and jars. */
export const volumes =
  '30 ml|30毫升; 50 ml|50毫升; 100 ml|100毫升; 150 ml|150毫升; travel set|旅行装; refill|补充装';
/** Pack sizes. */
export const packs = 'single|单只装; pair|两只装; set of 3|三件套; set of 4|四件套; family pack|家庭装';
/** Sizes of containers. */
export const sizes = 'small|小号; medium|中号; large|大号; extra large|特大号';
