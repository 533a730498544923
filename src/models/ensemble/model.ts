import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { can } from '../capability';
import type { Model, ModelCard, ModelOf } from '../model';
import type { Blend } from './blend';
import type { Candidate } from './candidates';
import type { Chosen } from './choose';
import { liveEnsemble } from './live';
import { type RevisitLine, revisitColumns } from './revisits';
import type { Blended } from './score';
import {
  automaticWeight,
  ensembleSettings,
  type Part,
  settingNameOf,
  settingsOfPart,
  trialSettingsOf,
} from './settings';
import { type TrainedEnsemble, type TrainedPart, trainParts } from './train';

const card = {
  name: 'ensemble',
  summary: 'A weighted sum of the scores of other models, blended with repeats, by what shoppers chose last.',
  source:
    'Fox & Shaw 1994, "Combination of multiple searches" (CombSUM); Metzler & Croft 2007, "Linear feature-based models ' +
    'for information retrieval" (coordinate ascent)',
  needs: { events: 40, users: 10 },
  trainsOthers: true,
  capabilities: [],
  trainedCapabilities: ['admit', 'tellLiked', 'buyAgain', 'openState'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** A model that may take part, and its factory. */
export interface PartFactory extends Part {
  create(overrides?: SettingOverrides): Model;
}

type HeaderConfig = Record<string, string | number | boolean>;

/** Names of arrays that are the same for every part and stored once. */
const sharedNames: ReadonlySet<string> = new Set(productArrays(productsOfNothing()).map(([name]) => name));

function productsOfNothing(): { readonly size: 0; idOf(): string; rowOf(): number } {
  return { size: 0, idOf: () => '', rowOf: () => -1 };
}

/**
 * Returns a part's arrays under its name.
 *
 * @throws {Error} when its products are not the ensemble's, row by row
 */
function arraysOfPart(
  name: string,
  { artifact }: TrainedPart,
  shared: ReadonlyMap<string, ArtifactArray>,
): [string, ArtifactArray][] {
  return [...artifact.arrays].flatMap(([array, values]) => {
    if (!sharedNames.has(array)) return [[`${name}/${array}`, values] as [string, ArtifactArray]];
    const own = shared.get(array);
    if (own?.length === values.length && own.every((value, index) => value === values[index])) return [];
    throw new Error(`Expected ${name} to keep the snapshot's products in their order; got others.`);
  });
}

const configOfPart = (name: string, { artifact }: TrainedPart): HeaderConfig =>
  Object.fromEntries(Object.entries(artifact.header.config).map(([key, value]) => [`${name}/${key}`, value]));

const withoutPrefix = (name: string, key: string): string | null =>
  key.startsWith(`${name}/`) ? key.slice(name.length + 1) : null;

/** Restores the artifact that a part made. */
function artifactOfPart(name: string, { header, arrays }: Artifact): Artifact {
  const own = [...arrays].flatMap(([key, values]) => {
    if (sharedNames.has(key)) return [[key, values] as const];
    const inner = withoutPrefix(name, key);
    return inner === null ? [] : [[inner, values] as const];
  });
  const config = Object.entries(header.config).flatMap(([key, value]) => {
    const inner = withoutPrefix(name, key);
    return inner === null ? [] : [[inner, value] as const];
  });
  return { header: { ...header, model: name, config: Object.fromEntries(config) }, arrays: new Map(own) };
}

const damaged = (expected: string): GatewayError =>
  new GatewayError('ARTIFACT_DAMAGED', `Expected ${expected}; got others. Train the model again.`, {
    model: card.name,
  });

/** Returns the names and weights of the parts, in the same order. */
function weightsOf(artifact: Artifact): readonly (readonly [string, number])[] {
  const names = String(artifact.header.config['parts']).split(',');
  const weights = arrayOf(artifact, 'weights', Float64Array, names.length);
  if (weights.every(weight => weight >= 0) && weights.some(weight => weight > 0))
    return names.map((name, index) => [name, weights[index]]);
  throw damaged('weights of at least 0, one above it');
}

/** Returns what the measured training of the same run chose; null for an artifact of other parts. */
function choiceOf(measured: Artifact, names: readonly string[]): Chosen | null {
  const { config } = measured.header;
  if (config['parts'] !== names.join(',')) return null;
  const weights = weightsOf(measured).map(([, weight]) => weight);
  const teller = names.indexOf(String(config['repeats']));
  const blend = blendOf(measured);
  return {
    weights,
    blend,
    teller: teller < 0 ? null : teller,
    reason: typeof config['reason'] === 'string' ? config['reason'] : null,
    tried: names.map((name, index) =>
      weights[index] > 0 || index === teller || index === blend?.own ? artifactOfPart(name, measured) : null,
    ),
  };
}

/** Combines the results of training into the arrays and settings of one artifact. */
function combined(
  names: readonly string[],
  { parts, blend, teller, reason }: TrainedEnsemble,
  shared: ReadonlyMap<string, ArtifactArray>,
): { readonly arrays: Map<string, ArtifactArray>; readonly config: HeaderConfig } {
  const weights = Float64Array.from(parts, part => part?.weight ?? 0);
  const arrays = new Map<string, ArtifactArray>([...shared, ['weights', weights]]);
  const config: HeaderConfig = { parts: names.join(','), ...(reason !== null && { reason }) };
  for (const [index, part] of parts.entries()) {
    config[settingNameOf(names[index])] = weights[index];
    if (!part) continue;
    for (const [key, array] of arraysOfPart(names[index], part, shared)) arrays.set(key, array);
    Object.assign(config, configOfPart(names[index], part));
  }
  if (teller !== null) config['repeats'] = names[teller];
  if (blend !== null) {
    arrays.set('blend', Float64Array.of(blend.intercept, blend.slope, blend.level));
    if (blend.own !== undefined) config['met'] = names[blend.own];
    if (blend.revisits !== null) {
      arrays.set('revisits', blend.revisits.coefficients);
      config['revisits'] = blend.revisits.covers;
    }
  }
  return { arrays, config };
}

/** Returns the log-odds of products that were met; null where the trial chose none. */
function revisitsOf(artifact: Artifact): RevisitLine | null {
  const covers = artifact.header.config['revisits'];
  if (covers === undefined) return null;
  if (covers !== 'viewed' && covers !== 'met') throw damaged('revisits of viewed or met products');
  return { covers, coefficients: arrayOf(artifact, 'revisits', Float64Array, revisitColumns) };
}

/** Returns the index of the part whose own scores rank what was met; null where none does. */
function ownOf({ header: { config } }: Artifact): number | null {
  if (config['met'] === undefined) return null;
  const own = String(config['parts']).split(',').indexOf(String(config['met']));
  if (own < 0) throw damaged('the part that ranks what was met among its parts');
  return own;
}

/**
 * Returns the scale of sums, repeats and revisits; null without one. Earlier versions had two numbers without a level, and no revisits.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
function blendOf(artifact: Artifact): Blend | null {
  const { arrays, header } = artifact;
  if (!arrays.has('blend') && typeof header.config['repeats'] !== 'string') return null;
  const length = arrays.get('blend')?.length === 2 ? 2 : 3;
  const [intercept, slope, level = 0] = arrayOf(artifact, 'blend', Float64Array, length);
  const revisits = revisitsOf(artifact);
  const own = ownOf(artifact);
  if (slope > 0) return { intercept, slope, level, revisits, ...(own !== null && { own }) };
  throw damaged('a slope of the blend above 0');
}

/** Loads the scale and the part that tells repeats; null for an artifact in which all products have sums. */
function loadBlend(artifact: Artifact, models: ReadonlyMap<string, Model>): Blended | null {
  const blend = blendOf(artifact);
  const name = artifact.header.config['repeats'];
  if (blend === null || typeof name !== 'string') return blend && { blend, teller: null };
  const teller = models.get(name)?.load(artifactOfPart(name, artifact));
  if (teller === undefined || !can(teller, 'buyAgain'))
    throw damaged('a part that tells repeats among its parts');
  return { blend, teller };
}

/**
 * The weighted sum of other models: see train.ts. Contains their artifacts. Scores a shopper if at least one
 * of its parts does.
 *
 * @param parts - models that may take part
 * @throws {GatewayError} BAD_USER_INPUT on a setting that is not known or out of range
 */
export function ensemble(
  parts: readonly PartFactory[],
  overrides: SettingOverrides = {},
): ModelOf<typeof card> {
  const values = settingValuesOf(ensembleSettings(parts), overrides);
  const models = new Map(parts.map(part => [part.name, part.create(settingsOfPart(part, overrides))]));
  const candidates = parts.flatMap((part): readonly Candidate[] => {
    const weight = Number(values[settingNameOf(part.name)]);
    const model = models.get(part.name);
    if (weight === 0 || model === undefined) return [];
    const settings = settingValuesOf(part.settings, settingsOfPart(part, overrides));
    return [{ model, settings, weight: weight === automaticWeight ? null : weight }];
  });
  const names = candidates.map(({ model }) => model.card.name);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      const { trialUsers, holdOutShare } = trialSettingsOf(overrides);
      const earlier = context.measured ? choiceOf(context.measured, names) : null;
      const settings = { trialUsers, holdOutShare };
      const trained = await trainParts(candidates, snapshot, settings, context, earlier);
      const { arrays, config } = combined(names, trained, new Map(productArrays(snapshot.products)));
      const { digest, asOf } = snapshot;
      return {
        header: {
          model: card.name,
          config: { trialUsers, holdOutShare, ...config },
          snapshotDigest: digest,
          asOf,
          seed: context.seed,
        },
        arrays,
      };
    },
    load(artifact) {
      const own = ownOf(artifact);
      const weighted = weightsOf(artifact).flatMap(([name, weight], index) => {
        const isOwn = index === own;
        if (weight === 0 && !isOwn) return [];
        const model = models.get(name);
        if (!model) throw damaged(`parts among ${[...models.keys()].join(', ')}`);
        const isPopular = model.card.servesAs === 'POPULAR';
        return [{ weight, isPopular, isOwn, scorer: model.load(artifactOfPart(name, artifact)) }];
      });
      return liveEnsemble(productsOf(artifact), weighted, loadBlend(artifact, models));
    },
  };
}
