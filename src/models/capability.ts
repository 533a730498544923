import type { Capability, CapabilityMembers, ModelCard, Scorer } from './model';

type MembersOf = { readonly [C in Capability]: Readonly<Record<keyof CapabilityMembers[C], true>> };

/** Names of the members that each capability adds to a scorer; the type keeps this equal to {@link CapabilityMembers}. */
export const capabilityMembers: MembersOf = {
  coldStart: {},
  similar: { similarInto: true },
  complements: { complementsInto: true, scoreCartInto: true, evidenceOf: true },
  retrieve: { vectors: true },
  rate: { rateInto: true },
  admit: { admit: true },
  tellLiked: { wasLiked: true },
  buyAgain: { dueInto: true, isRepeated: true, firstPurchaseOf: true },
  openState: { openState: true },
};

/** A capability that a scorer can be asked for. `coldStart` adds no member, so only the card declares it. */
export type ScorerCapability = Exclude<Capability, 'coldStart'>;

/** Returns whether a loaded scorer has every member of a capability. */
export const can = <C extends ScorerCapability>(scorer: Scorer, capability: C): scorer is Scorer<C> =>
  Object.keys(capabilityMembers[capability]).every(member => scorer[member as keyof Scorer] !== undefined);

/** Returns whether a model's card declares a capability: every scorer of the model has it. */
export const declares = (
  { capabilities }: Pick<ModelCard, 'capabilities'>,
  capability: Capability,
): boolean => capabilities.includes(capability);
