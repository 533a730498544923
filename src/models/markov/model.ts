import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { stepsOf } from '../../snapshot/steps';
import { backoffArrays, backoffOf } from '../backoff';
import { chooseBackoff, spreadAs, type Tried } from '../chooseBackoff';
import type { ModelCard, ModelOf } from '../model';
import { repeatRatesLength, repeatRatesOf } from '../repeats';
import { trainBackoff } from '../trainBackoff';
import { fallbackOf, type MarkovFallback } from './fallback';
import { type MarkovScoring, markovScorer } from './score';
import { markovSettings } from './settings';
import { type MarkovConfig, type Transitions, trainTransitions } from './train';

const card = {
  name: 'markov',
  summary: 'Transitions from the last one and two products of a shopper, and repeat rates.',
  source:
    'Rendle, Freudenthaler & Schmidt-Thieme 2010, "Factorizing personalized Markov chains" (MC); Ludewig & Jannach 2018 (sequential rules)',
  needs: { events: 2, users: 1 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

const scoringNames = [
  'historyDecay',
  'acrossShare',
  'secondOrderShare',
  'walkShare',
  'walkBreadth',
  'repeatShare',
] as const satisfies readonly (keyof MarkovScoring)[];

function scoringOf(artifact: Artifact): MarkovScoring {
  const [historyDecay, acrossShare, secondOrderShare, walkShare, walkBreadth, repeatShare] = arrayOf(
    artifact,
    'scoring',
    Float64Array,
    scoringNames.length,
  );
  return { historyDecay, acrossShare, secondOrderShare, walkShare, walkBreadth, repeatShare };
}

const isAscendingTo = (offsets: Uint32Array, end: number): boolean =>
  offsets[0] === 0 &&
  offsets[offsets.length - 1] === end &&
  offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]);

/** @throws {GatewayError} ARTIFACT_DAMAGED when offsets are not ascending or rows are out of range */
function checkLists(artifact: Artifact, transitions: Transitions, size: number): void {
  const { offsets, rows, pairStarts, pairEarlier, pairOffsets, pairRows } = transitions;
  const isInOrder =
    isAscendingTo(offsets, rows.length) &&
    isAscendingTo(pairStarts, pairEarlier.length) &&
    isAscendingTo(pairOffsets, pairRows.length);
  const isWithin = [rows, pairEarlier, pairRows].every(list => list.every(row => row < size));
  if (isInOrder && isWithin) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected transitions between ${size} products; got offsets or rows outside them. Train the model again.`,
    { model: artifact.header.model },
  );
}

function transitionsOf(artifact: Artifact, size: number): Transitions {
  const rows = arrayOf(artifact, 'rows', Uint32Array, null);
  const pairEarlier = arrayOf(artifact, 'pairEarlier', Uint32Array, null);
  const pairRows = arrayOf(artifact, 'pairRows', Uint32Array, null);
  const transitions: Transitions = {
    offsets: arrayOf(artifact, 'offsets', Uint32Array, size + 1),
    rows,
    shares: arrayOf(artifact, 'shares', Float32Array, rows.length),
    trusts: arrayOf(artifact, 'trusts', Float32Array, size),
    popularity: arrayOf(artifact, 'popularity', Float32Array, size),
    pairStarts: arrayOf(artifact, 'pairStarts', Uint32Array, size + 1),
    pairEarlier,
    pairOffsets: arrayOf(artifact, 'pairOffsets', Uint32Array, pairEarlier.length + 1),
    pairRows,
    pairShares: arrayOf(artifact, 'pairShares', Float32Array, pairRows.length),
  };
  checkLists(artifact, transitions, size);
  return transitions;
}

/** Reads the fallback; null for an artifact of an earlier version. @throws {GatewayError} ARTIFACT_DAMAGED */
function storedFallback(artifact: Artifact, size: number): MarkovFallback | null {
  const backoff = backoffOf(artifact, size);
  return backoff && { backoff, masses: arrayOf(artifact, 'backoffMasses', Float32Array, size) };
}

/**
 * Returns how a trial counts: only transitions from the products of its histories. The second step would need those from other
 * products; instead the back-off is weaker by what that step would add to the counts.
 */
const triedWith = (config: MarkovConfig): Tried => ({
  strengths: [30, 3, 100, 300],
  async train({ train, isWanted }, context) {
    const { products } = train;
    const steps = stepsOf(train);
    const { transitions, evidence } = await trainTransitions(steps, products.size, config, context, isWanted);
    const repeatRates = repeatRatesOf(steps);
    return (backoff, strength) => {
      const backoffStrength = strength / (1 + config.walkShare);
      const fallback = fallbackOf(backoff, evidence, { ...config, backoffStrength });
      const scoring = { ...config, walkShare: 0 };
      return markovScorer(products, { transitions, repeatRates, scoring, fallback });
    };
  },
});

/**
 * Counts transitions of first and second order, including those that skip steps. Trains in seconds and only
 * knows observed transitions: a strong baseline for networks on short sessions. The seed is not used.
 */
export function markov(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(markovSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const { digest, asOf, products } = snapshot;
      const steps = stepsOf(snapshot);
      const chosen = await chooseBackoff(snapshot, config, context, triedWith(config));
      const { transitions, evidence } = await trainTransitions(steps, products.size, config, context);
      const backoff = spreadAs(await trainBackoff(snapshot, preferences, context), chosen.backoffSpread);
      const { masses } = fallbackOf(backoff, evidence, { ...config, ...chosen });
      return {
        header: {
          model: card.name,
          config: { ...config, ...chosen },
          snapshotDigest: digest,
          asOf,
          seed: context.seed,
        },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['scoring', Float64Array.from(scoringNames, name => config[name])],
          ['repeatRates', repeatRatesOf(steps)],
          ...Object.entries(transitions),
          ...backoffArrays(backoff),
          ['backoffMasses', masses],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      return markovScorer(products, {
        transitions: transitionsOf(artifact, products.size),
        repeatRates: arrayOf(artifact, 'repeatRates', Float32Array, repeatRatesLength),
        scoring: scoringOf(artifact),
        fallback: storedFallback(artifact, products.size),
      });
    },
  };
}
