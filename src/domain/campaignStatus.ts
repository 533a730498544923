import type { CampaignStatus } from './campaign';

/** Statuses that each status may become. */
const steps: Readonly<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  DRAFT: ['PLANNED', 'CANCELLED'],
  PLANNED: ['RUNNING', 'CANCELLED'],
  RUNNING: ['PAUSED', 'COMPLETED', 'CANCELLED'],
  PAUSED: ['RUNNING', 'COMPLETED', 'CANCELLED'],
  COMPLETED: [],
  CANCELLED: [],
};

/** Returns the statuses that a campaign of this status may become; empty once it has ended. */
export const nextStatuses = (status: CampaignStatus): readonly CampaignStatus[] => steps[status];

/** Returns why a campaign cannot become `to`; null when it can. */
export function refusedStep(from: CampaignStatus, to: CampaignStatus): string | null {
  if (steps[from].includes(to)) return null;
  const possible = steps[from];
  const remedy =
    possible.length === 0
      ? 'It has ended and stays as it is: create another campaign.'
      : `From ${from} it can become ${possible.join(' or ')}.`;
  return `Expected a campaign that can become ${to}; got one that is ${from}. ${remedy}`;
}
