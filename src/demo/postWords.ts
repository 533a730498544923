import type { Language } from './words';

/** Sentiment of a text: negative, neutral, positive. */
export type Sentiment = -1 | 0 | 1;

/** Phrases by language; `{kind}`, `{scene}`, `{taste}` are filled in. */
export type Phrases = Readonly<Record<Language, readonly string[]>>;

/** Post templates by sentiment. They fit any kind of product, in singular and plural. */
export const postPhrases: Readonly<Record<`${Sentiment}`, Phrases>> = {
  '1': {
    en: [
      'Tried the new {kind} {scene} and I am delighted. Worth every penny.',
      'So much better than what I had before. Love the {kind}!',
      'Best {kind} I have owned so far, a joy to use {scene}.',
      'Three weeks with the {kind}: still perfect, still happy.',
      'If you are into {taste}, get the {kind} I posted. Beautifully made.',
      'Fast delivery, lovely packaging, excellent {kind}.',
      'Brought out the {kind} {scene}. Everybody asked where I got mine.',
      'A present from a friend: {kind}. Wonderful, I could not be happier.',
    ],
    zh: [
      '新到的{kind}，{scene}用了一次，太满意了，值这个价！',
      '这款{kind}比我之前的好太多，真心喜欢。',
      '目前用过最好的{kind}，{scene}表现特别棒。',
      '{kind}用了三周，依旧完美，强烈推荐。',
      '喜欢{taste}的朋友可以入，品质很好，惊喜！',
      '发货快、包装好，{kind}质量也很赞。',
      '{scene}拿出来，大家都来问{kind}的链接，开心。',
      '朋友送的{kind}，爱不释手，又给爸妈买了一份。',
    ],
  },
  '0': {
    en: [
      'Which {kind} do you use {scene}? Looking for ideas.',
      'Comparing two {taste} set-ups this week. The {kind} will be here on Friday.',
      'Looking at {kind} in two price ranges. What would you take?',
      'Anyone from the {taste} group here? Planning something for next month.',
      'Unpacked the {kind} today. More after a few weeks.',
    ],
    zh: [
      '大家{scene}都用什么{kind}？求参考。',
      '这周在对比两套{taste}好物，{kind}周五到。',
      '两个价位的{kind}怎么选？',
      '有喜欢{taste}的朋友吗？下个月想组织一次活动。',
      '{kind}今天开箱，用几周再来说感受。',
    ],
  },
  '-1': {
    en: [
      'Disappointed by the {kind}. Useless after the second time.',
      'The {kind} I got looks nothing like the pictures. Sending it all back.',
      'A let-down {scene}. I expected more from this {taste} shop.',
      'Overpriced {kind}. What I had before was better.',
      'Smells bad and feels cheap. I regret buying the {kind}.',
      'Waited two weeks for the {kind}, and the box was damaged. Annoying.',
    ],
    zh: [
      '这次的{kind}太让人失望了，第二次就不行了。',
      '{kind}和图片完全不一样，已申请退货。',
      '{scene}掉链子，对这款{kind}期望落空，很糟糕。',
      '性价比太低，还不如原来的{kind}，不推荐。',
      '有异味，品质粗糙，后悔买了{kind}。',
      '{kind}等了两周，包装还破了，体验很差。',
    ],
  },
};

/** Comments, by the sentiment of the post they reply to. */
export const commentPhrases: Readonly<Record<`${Sentiment}`, Phrases>> = {
  '1': {
    en: ['Looks great, thanks for sharing!', 'Same here, love mine.', 'You convinced me.', 'Nice pick!'],
    zh: ['好看，感谢分享！', '我也有，超喜欢。', '被种草了。', '眼光真好！'],
  },
  '0': {
    en: ['I would take the simpler one.', 'Following, same question.', 'Send me a message.', 'Count me in.'],
    zh: ['我选简单的那款。', '同问，蹲一个。', '私信你了。', '算我一个。'],
  },
  '-1': {
    en: ['Sorry to hear that.', 'Same problem with mine.', 'Ask for a refund.', 'Good to know, skipping it.'],
    zh: ['抱抱，太糟心了。', '我的也有这个问题。', '快去申请退款。', '避雷了，谢谢。'],
  },
};
