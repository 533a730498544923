import { readInterestTags } from '../../insights/interestTags/reader';
import { readNextAction } from '../../insights/nextAction/read';

/** How each insight's artifact is read, by the insight's name. */
export const insightReaders = { 'interest-tags': readInterestTags, 'next-action': readNextAction } as const;

/** Names of insights that serve. */
export type InsightName = keyof typeof insightReaders;

/** What an insight's artifact reads as. */
export type InsightReading<Name extends InsightName> = ReturnType<(typeof insightReaders)[Name]>;
