import type { SocialPost, SocialReaction } from '../domain/social';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs, timeWithin } from './calendar';
import { type DemoProduct, kinds } from './catalogue';
import { chance, cumulate, drawIndex, geometric, pick } from './draws';
import { attentionOn, type Shopper } from './people';
import { commentPhrases, postPhrases, type Sentiment } from './postWords';
import { demandOn } from './shelves';
import { streamOf } from './streams';
import { tastes } from './tastes/tastes';
import type { Ties } from './ties';
import { fill } from './words';

/** Posts of shoppers and the reactions to them. */
export interface DemoPosts {
  readonly posts: readonly SocialPost[];
  readonly reactions: readonly SocialReaction[];
  /** True sentiment of each text, by post id. */
  readonly sentiments: ReadonlyMap<string, Sentiment>;
}

/** Inputs of the generated posts. */
export interface PostSettings {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly people: readonly Shopper[];
  readonly ties: Ties;
  readonly catalogue: readonly DemoProduct[];
}

const postsPerShopper = 1.2;
const reactionsPerPost = { mean: 3, max: 40 };
const sentimentShares = { good: 0.6, neither: 0.2 };

/** Generates posts about products of the author's tastes, and reactions, mostly by the author's followers. */
export function generatePosts(settings: PostSettings): DemoPosts {
  const count = Math.round(settings.people.length * postsPerShopper);
  const authors = cumulate(settings.people.map(shopper => shopper.activity));
  const followers = followersOf(settings.ties);
  const byTaste = tastes.map((_, taste) =>
    settings.catalogue.flatMap((entry, index) => (kinds[entry.kind].taste === taste ? [index] : [])),
  );
  const written = Array.from({ length: count }, (_, index) => {
    const rng = streamOf(settings.seed, 'posts', index);
    const author = settings.people[drawIndex(rng, authors)];
    const { post, sentiment } = writePost(author, { rng, index, settings, byTaste });
    const reactions = writeReactions(post, { rng, settings, sentiment, near: followers[author.index] });
    return { post, sentiment, reactions };
  });
  return {
    posts: written.map(({ post }) => post),
    reactions: written.flatMap(({ reactions }) => reactions),
    sentiments: new Map(written.map(({ post, sentiment }) => [post.id, sentiment])),
  };
}

function followersOf(ties: Ties): readonly number[][] {
  const followers: number[][] = ties.followees.map(() => []);
  for (const [from, list] of ties.followees.entries()) for (const to of list) followers[to].push(from);
  return followers;
}

interface PostContext {
  readonly rng: Rng;
  readonly index: number;
  readonly settings: PostSettings;
  readonly byTaste: readonly (readonly number[])[];
}

const attention = new Float64Array(tastes.length);

function writePost(author: Shopper, { rng, index, settings, byTaste }: PostContext) {
  const { calendar, catalogue } = settings;
  const day = author.joinDay + rng.int(calendar.days - author.joinDay);
  const tasteAt = drawIndex(rng, cumulate(attentionOn(day, author, attention)));
  const taste = tastes[tasteAt];
  const members = byTaste[tasteAt];
  const demand = cumulate(members.map(at => demandOn(day, catalogue[at])));
  const product = catalogue[members[Math.max(0, drawIndex(rng, demand))]];
  const sentiment = drawSentiment(rng, product.quality);
  const { language } = author;
  const written = timeWithin(rng, calendar.start + day * dayMs, author.zoneHours);
  const post: SocialPost = {
    id: `post-${index + 1}`,
    authorId: author.user.id,
    body: fill(pick(rng, postPhrases[`${sentiment}`][language]), {
      kind: kinds[product.kind].name[language],
      scene: pick(rng, taste.scenes)[language],
      taste: taste.name[language],
    }),
    locale: language,
    productIds: [product.product.id],
    occurredAt: written < calendar.end ? written : written - dayMs,
  };
  return { post, sentiment };
}

/** Better products are praised more often. */
function drawSentiment(rng: Rng, quality: number): Sentiment {
  const good = Math.min(0.9, Math.max(0.2, sentimentShares.good + 0.15 * quality));
  const draw = rng.uniform();
  if (draw < good) return 1;
  return draw < good + (1 - good) * (sentimentShares.neither / (1 - sentimentShares.good)) ? 0 : -1;
}

interface ReactionContext {
  readonly rng: Rng;
  readonly settings: PostSettings;
  readonly sentiment: Sentiment;
  /** Followers of the author. */
  readonly near: readonly number[];
}

const nearRate = 0.8;

function writeReactions(
  post: SocialPost,
  { rng, settings, sentiment, near }: ReactionContext,
): readonly SocialReaction[] {
  const { people, calendar } = settings;
  const readers = new Set<number>();
  const count = geometric(rng, reactionsPerPost.mean, reactionsPerPost.max);
  for (let i = 0; i < count; i++) {
    const isNear = near.length > 0 && chance(rng, nearRate);
    readers.add(isNear ? pick(rng, near) : rng.int(people.length));
  }
  return [...readers]
    .map(reader => reactionOf(people[reader], post, { rng, sentiment }))
    .filter(({ occurredAt }) => occurredAt < calendar.end);
}

function reactionOf(
  reader: Shopper,
  post: SocialPost,
  { rng, sentiment }: { readonly rng: Rng; readonly sentiment: Sentiment },
): SocialReaction {
  const draw = rng.uniform();
  const type = draw < 0.55 ? 'LIKE' : draw < 0.7 ? 'LOVE' : draw < 0.93 ? 'COMMENT' : 'REPOST';
  return {
    id: `${post.id}-${reader.index}`,
    postId: post.id,
    userId: reader.user.id,
    type,
    body: type === 'COMMENT' ? pick(rng, commentPhrases[`${sentiment}`][reader.language]) : null,
    occurredAt: post.occurredAt + Math.floor((0.01 + rng.uniform() ** 3) * 3 * dayMs),
  };
}
