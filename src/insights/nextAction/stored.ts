import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { vocabularyFromArrays, vocabularyToArrays } from '../../artifact/vocabularyArrays';
import { GatewayError } from '../../domain/errors';
import { firstActions, typeCountOf } from './actions';
import type { Temperatures } from './calibrate';
import { baselineCandidates, type Candidate, networkCandidate } from './candidates';
import type { ActionVocabulary } from './vocabulary';

/** Candidates that may be served. An artifact stores the index in this list: add at the end. */
const servable: readonly Candidate[] = [...baselineCandidates, networkCandidate];

/** Contents of every artifact besides the arrays of its candidate. */
export interface Served {
  readonly vocabulary: ActionVocabulary;
  /** Name of a candidate. */
  readonly servedBy: string;
  readonly temperatures: Temperatures;
}

const namesToArrays = (names: readonly string[]) =>
  vocabularyToArrays({ size: names.length, idOf: row => names[row] });

/** Returns it as arrays of an artifact. */
export function servedArrays({
  vocabulary,
  servedBy,
  temperatures,
}: Served): readonly (readonly [string, ArtifactArray])[] {
  const { categories, priceMean, priceDeviation } = vocabulary;
  const names = namesToArrays(vocabulary.actions);
  const { bytes, offsets } = namesToArrays(categories);
  const { actions, purchase, abandonment, returns } = temperatures;
  return [
    ['actionBytes', names.bytes],
    ['actionOffsets', names.offsets],
    ['categoryBytes', bytes],
    ['categoryOffsets', offsets],
    ['prices', Float64Array.of(priceMean, priceDeviation)],
    ['servedBy', Uint8Array.of(servable.findIndex(({ name }) => name === servedBy))],
    ['temperatures', Float64Array.of(actions, purchase, abandonment, ...returns)],
  ];
}

function candidateOf(artifact: Artifact): Candidate {
  const candidate = servable.at(arrayOf(artifact, 'servedBy', Uint8Array, 1)[0]);
  if (candidate) return candidate;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected one of ${servable.length} forecasters in the artifact; got another. Train it again.`,
    { model: artifact.header.model },
  );
}

/** The stored list of actions; artifacts from before it was stored have {@link firstActions}. */
function actionsIn(artifact: Artifact): readonly string[] {
  const { arrays, header } = artifact;
  if (!arrays.has('actionBytes') && !arrays.has('actionOffsets')) return firstActions;
  const bytes = arrayOf(artifact, 'actionBytes', Uint8Array, null);
  const actions = vocabularyFromArrays(bytes, arrayOf(artifact, 'actionOffsets', Uint32Array, null));
  if (typeCountOf(actions) > 0 && actions.at(-1) === firstActions.at(-1)) return actions;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected types of events and LEAVE as the actions of the artifact; got ${actions.length} others. Train it again.`,
    { model: header.model },
  );
}

/** Reads what {@link servedArrays} wrote, and finds the candidate that reads the rest. @throws {GatewayError} ARTIFACT_DAMAGED */
export function servedOf(artifact: Artifact): Served & { readonly candidate: Candidate } {
  const candidate = candidateOf(artifact);
  const bytes = arrayOf(artifact, 'categoryBytes', Uint8Array, null);
  const offsets = arrayOf(artifact, 'categoryOffsets', Uint32Array, null);
  const [priceMean, priceDeviation] = arrayOf(artifact, 'prices', Float64Array, 2);
  const [actions, purchase, abandonment, day, week, month] = arrayOf(
    artifact,
    'temperatures',
    Float64Array,
    6,
  );
  return {
    candidate,
    servedBy: candidate.name,
    vocabulary: {
      actions: actionsIn(artifact),
      categories: vocabularyFromArrays(bytes, offsets),
      priceMean,
      priceDeviation,
    },
    temperatures: { actions, purchase, abandonment, returns: [day, week, month] },
  };
}
