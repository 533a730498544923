import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { settingValuesOf } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { adjustedRand } from '../../numeric/adjustedRand';
import { pause } from '../../numeric/pause';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import { coherences } from '../../text/coherence';
import type { Insight, InsightCard, Learned } from '../insight';
import { tagArrays } from './arrays';
import { describeTags } from './describe';
import { type Clustered, cluster, type Prepared, prepare } from './learn';
import type { LearnedTags } from './learned';
import { loadInterestTags } from './load';
import { missedTagsArray } from './previousTags';
import type { InterestTags } from './reading';
import { type InterestTagsStores, saveInterests } from './save';
import { type InterestTagsConfig, interestTagsSettings } from './settings';

const card: InsightCard = {
  name: 'interest-tags',
  summary:
    'Interests of shoppers: products grouped by their words and by who likes them, with readable names.',
  source:
    'Dhillon & Modha 2001, "Concept decompositions for large sparse text data using clustering"; Nigam et al. 2000, "Text ' +
    'classification from labeled and unlabeled documents using EM"; Grootendorst 2022, "BERTopic"',
  needs: { events: 0, users: 0, documents: 10 },
};

/** Published only with at least these: number of tags, agreement of two seeds (adjusted Rand), coherence of terms (NPMI). */
const floors = { tags: 2, stability: 0.5, coherence: 0 };
/** Terms per tag whose coherence is measured. */
const termsMeasured = 10;
/** Most products that coherence is measured on. */
const maxRead = 20_000;

/** Returns the adjusted Rand index of two clusterings, on the products that both label. */
function agreementOf(a: Clustered, b: Clustered): number {
  const known = [...a.labels.keys()].filter(row => a.labels[row] >= 0 && b.labels[row] >= 0);
  if (known.length === 0) return 0;
  return adjustedRand(
    known.map(row => a.labels[row]),
    known.map(row => b.labels[row]),
  );
}

/** Returns the mean coherence of tags, weighted by size; 0 where no tag has two terms. */
function coherenceOf({ tags, leaves }: LearnedTags, { reading }: Prepared): number {
  const own = tags.slice(0, leaves);
  const step = Math.ceil(reading.products.length / maxRead);
  const texts = reading.products.filter((terms, row) => terms.length > 0 && row % step === 0);
  const found = coherences(
    own.map(({ terms }) => terms.slice(0, termsMeasured)),
    texts.map(terms => new Set(terms)),
  );
  const measured = own
    .map(({ products }, at) => ({ products, value: found[at] }))
    .filter(({ value }) => !Number.isNaN(value));
  const products = measured.reduce((sum, tag) => sum + tag.products, 0);
  return products === 0 ? 0 : measured.reduce((sum, tag) => sum + (tag.value * tag.products) / products, 0);
}

/** Decides whether tags may be published. */
function judge(tags: number, stability: number, coherence: number): Learned['verdict'] {
  const figures = `${tags} tags; two seeds agree to ${stability.toFixed(2)} (adjusted Rand, at least ${floors.stability}); terms belong together to ${coherence.toFixed(2)} (NPMI, at least ${floors.coherence})`;
  if (tags < floors.tags)
    return { passed: false, reason: `Too little data to distinguish tags: ${figures}.` };
  if (stability < floors.stability)
    return { passed: false, reason: `Tags would change from day to day: ${figures}.` };
  if (coherence < floors.coherence)
    return { passed: false, reason: `Terms of tags do not belong together: ${figures}.` };
  return { passed: true, reason: `${figures}.` };
}

/** Returns a function to call after each step; the number of steps is only estimated. */
function stepsOf(context: TrainContext, config: InterestTagsConfig): () => Promise<void> {
  const total = 60 + 2 * config.restarts * 120;
  let done = 0;
  return async () => {
    checkCancelled(context);
    context.onProgress(Math.min(++done, total), total);
    await pause();
  };
}

/** @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED */
async function learn(
  snapshot: Snapshot,
  config: InterestTagsConfig,
  context: TrainContext,
): Promise<Learned> {
  checkNeeds(card, snapshot, preferencesOf(snapshot));
  const { seed, previous } = context;
  const onStep = stepsOf(context, config);
  const prepared = await prepare(snapshot, config, seed, onStep);
  const clustered = await cluster(prepared, config, seed, onStep);
  const other = await cluster(prepared, config, seed + 1, onStep);
  const { learned, missed } = describeTags(snapshot, prepared, clustered, previous);
  const stability = agreementOf(clustered, other);
  const coherence = coherenceOf(learned, prepared);
  const untagged = clustered.labels.reduce((sum, label) => sum + Number(label < 0), 0);
  return {
    artifact: {
      header: { model: card.name, config, snapshotDigest: snapshot.digest, asOf: snapshot.asOf, seed },
      arrays: new Map([...tagArrays(learned, snapshot.products), ['resting', missedTagsArray(missed)]]),
    },
    metrics: {
      tags: learned.leaves,
      widerTags: learned.tags.length - learned.leaves,
      stability,
      coherence,
      taggedProducts: clustered.labels.length - untagged,
      untaggedProducts: untagged,
    },
    verdict: judge(learned.leaves, stability, coherence),
  };
}

/**
 * Learns interest tags from the words of products and shoppers and from who likes what: see cluster.ts, mixture.ts,
 * describe.ts. It has its own gate: two clusterings from different seeds must agree, and the terms of a tag must belong
 * together.
 */
export const interestTags: Insight<InterestTags, InterestTagsStores> = {
  card,
  settings: interestTagsSettings,
  learn: async (snapshot, context, overrides) =>
    await learn(snapshot, settingValuesOf(interestTagsSettings, overrides), context),
  load: loadInterestTags,
  threadTasks: {},
  afterPublish: ({ artifact, ...published }, context) =>
    saveInterests(context, { ...published, tags: loadInterestTags(artifact) }),
};
