import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { settingValuesOf } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import { coherences } from '../../text/coherence';
import type { Insight, InsightCard, Learned } from '../insight';
import { tagArrays } from './arrays';
import { measureStability } from './check';
import { contextsOf } from './contexts';
import { type Described, describeTags } from './describe';
import { cluster, prepare } from './learn';
import { loadInterestTags } from './load';
import { missedTagsArray } from './previousTags';
import type { InterestTags } from './reading';
import { type InterestTagsStores, saveInterests } from './save';
import { type InterestTagsConfig, interestTagsSettings } from './settings';
import { readSnapshot } from './terms';

const card: InsightCard = {
  name: 'interest-tags',
  summary:
    'Interests of shoppers: products grouped by their words and by who likes them, with readable names.',
  source:
    'Dhillon & Modha 2001, "Concept decompositions for large sparse text data using clustering"; Nigam et al. 2000, "Text ' +
    'classification from labeled and unlabeled documents using EM"; Grootendorst 2022, "BERTopic"',
  needs: { events: 0, users: 0, documents: 10 },
};

/** Published only with at least these: number of tags, agreement with trainings on parts of the data (adjusted Rand), coherence of terms (NPMI). */
const floors = { tags: 2, stability: 0.5, coherence: 0 };
/** Share of the tags that have a word or a category to be named after, at least. */
const minNamed = 0.5;
/** Terms per tag whose coherence is measured. */
const termsMeasured = 10;
/** Returns the mean coherence of tags, weighted by size; 0 where no tag has two terms. */
function coherenceOf(
  { learned: { tags, leaves }, terms }: Described,
  contexts: readonly ReadonlySet<string>[],
): number {
  const found = coherences(
    terms.map(own => own.slice(0, termsMeasured)),
    contexts,
  );
  const measured = tags
    .slice(0, leaves)
    .map(({ products }, at) => ({ products, value: found[at] }))
    .filter(({ value }) => !Number.isNaN(value));
  const products = measured.reduce((sum, tag) => sum + tag.products, 0);
  return products === 0 ? 0 : measured.reduce((sum, tag) => sum + (tag.value * tag.products) / products, 0);
}

/** Decides whether tags may be published. @param named - tags with a word or a category */
function judge(tags: number, named: number, stability: number, coherence: number): Learned['verdict'] {
  const figures = `${tags} tags; trainings on nine tenths of the data agree to ${stability.toFixed(2)} (adjusted Rand, at least ${floors.stability}); terms belong together to ${coherence.toFixed(2)} (NPMI, at least ${floors.coherence})`;
  if (tags < floors.tags)
    return { passed: false, reason: `Too little data to distinguish tags: ${figures}.` };
  if (named < minNamed * tags)
    return {
      passed: false,
      reason: `Too few words to name tags: ${named} have a word or a category. ${figures}.`,
    };
  if (stability < floors.stability)
    return { passed: false, reason: `Tags would change from day to day: ${figures}.` };
  if (coherence < floors.coherence)
    return { passed: false, reason: `Terms of tags do not belong together: ${figures}.` };
  return { passed: true, reason: `${figures}.` };
}

/** Returns a function to call after each step; the number of steps is only estimated. */
function stepsOf(context: TrainContext, config: InterestTagsConfig): () => Promise<void> {
  const total = 60 + (2 + config.resamples) * 250;
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
  const preferences = preferencesOf(snapshot);
  checkNeeds(card, snapshot, preferences);
  const { seed, previous } = context;
  const onStep = stepsOf(context, config);
  const reading = readSnapshot(snapshot, config.maxTerms);
  const prepared = await prepare(reading, preferences, config, { seed, forReaders: true }, onStep);
  const clustered = await cluster(prepared, config, seed, onStep);
  const described = describeTags(snapshot, prepared, clustered, previous);
  const { learned, missed } = described;
  const stability = await measureStability(
    clustered,
    { reading, preferences, units: prepared.units },
    config,
    seed,
    onStep,
  );
  const coherence = coherenceOf(described, contextsOf(snapshot, prepared, termsMeasured));
  const named = described.terms.filter(own => own.length > 0).length;
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
    verdict: judge(learned.leaves, named, stability, coherence),
  };
}

/**
 * Learns interest tags from the words of products and shoppers and from who likes what: see cluster.ts, mixture.ts,
 * describe.ts. It has its own gate: trainings on parts of the data must agree, and the terms of a tag must belong together.
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
