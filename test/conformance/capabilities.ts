import { can, capabilityMembers, type ScorerCapability } from '../../src/models/capability';
import type { ModelCard, Scorer } from '../../src/models/model';

const scorerCapabilities = Object.keys(capabilityMembers).filter(
  (capability): capability is ScorerCapability => capability !== 'coldStart',
);

/** Members of a capability that a scorer has although it lacks others of the same capability. */
function strayMembers(scorer: Scorer, capability: ScorerCapability): readonly string[] {
  const members = Object.keys(capabilityMembers[capability]);
  return can(scorer, capability) ? [] : members.filter(member => member in scorer);
}

/**
 * What differs between the capabilities that a card declares and those that its scorer has: a declared one is missing,
 * or one is there that is neither declared nor named as depending on the training.
 */
export function capabilityFailures(card: ModelCard, scorer: Scorer): readonly string[] {
  const declared = new Set<string>(card.capabilities);
  const depending = new Set<string>(card.trainedCapabilities);
  return scorerCapabilities.flatMap(capability => {
    const has = can(scorer, capability);
    if (declared.has(capability) && !has) return [`declares ${capability}, but the scorer lacks it`];
    if (has && !declared.has(capability) && !depending.has(capability))
      return [`the scorer has ${capability}, but the card does not declare it`];
    return strayMembers(scorer, capability).map(member => `has ${member}, but not all of ${capability}`);
  });
}
