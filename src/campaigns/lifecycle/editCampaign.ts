import type { InputProblem } from '../../domain/audience';
import { type AuditEntry, type AuditFields, changedFields } from '../../domain/auditEntry';
import type { Campaign, CampaignStatus, CampaignWithOffers, Offer } from '../../domain/campaign';
import { campaignProblems } from '../../domain/campaignProblems';
import { nextStatuses, refusedStep } from '../../domain/campaignStatus';
import type { CampaignId } from '../../domain/ids';
import type { Principal } from '../../domain/role';
import type { ShopPolicy } from '../../domain/shopPolicy';
import type { CampaignEdit, CampaignStore } from '../../store/ports/campaign';

/** Why a campaign was not changed. */
export interface CampaignRefusal extends InputProblem {
  readonly code: 'INVALID' | 'NOT_FOUND' | 'CONFLICT' | 'EXISTS' | 'STATUS_REFUSED';
}

/** Who edits, when, and by which rules. */
export interface EditContext {
  readonly store: CampaignStore;
  readonly principal: Pick<Principal, 'shopId' | 'role' | 'credentialId'>;
  readonly policy: ShopPolicy;
  readonly now: number;
  readonly newId: () => string;
}

/** The campaign after an edit, or why there was none. */
export type EditOutcome =
  | { readonly edited: CampaignWithOffers; readonly refusals: readonly [] }
  | { readonly edited: null; readonly refusals: readonly CampaignRefusal[] };

/** Fields of a campaign that people set. */
export type CampaignFields = Pick<
  Campaign,
  | 'name'
  | 'objective'
  | 'budgetMinor'
  | 'channels'
  | 'holdoutRate'
  | 'startsAt'
  | 'endsAt'
  | 'frequencyCap'
  | 'quietHours'
  | 'sendingWindows'
  | 'attributionWindowDays'
  | 'audience'
>;

/** Fields to change; `offers` are all offers afterwards. */
export type CampaignChange = Partial<CampaignFields> & { readonly offers?: readonly Offer[] };

/** What a caller asks for besides the change. */
export interface EditRequest {
  readonly id: CampaignId;
  /** Name of the operation, for the record. */
  readonly action: string;
  /** Tries the edit, and writes nothing. */
  readonly isPreview: boolean;
  /** The version that the caller has seen; null takes any. */
  readonly version: number | null;
}

/** Fields that stay possible to change once shoppers are contacted: none of them changes whom the hold-out stands for. */
const openWhileRunning: ReadonlySet<string> = new Set<keyof CampaignChange>([
  ...(['name', 'budgetMinor', 'endsAt', 'frequencyCap', 'quietHours', 'sendingWindows'] as const),
]);

const refusal = (
  code: CampaignRefusal['code'],
  path: readonly string[],
  message: string,
): CampaignRefusal => ({ code, path, message });

const invalid = (problems: readonly InputProblem[]): readonly CampaignRefusal[] =>
  problems.map(problem => ({ ...problem, code: 'INVALID' as const }));

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The recorded fields of a campaign: all but its shop and times. None is about a shopper. */
function auditFields({ campaign, offers }: CampaignWithOffers): AuditFields {
  const { shopId: _, createdAt: __, updatedAt: ___, channel: ____, ...fields } = campaign;
  const times = { startsAt: timeOf(campaign.startsAt), endsAt: timeOf(campaign.endsAt) };
  return { ...fields, ...times, offers };
}

function editOf(
  before: CampaignWithOffers | null,
  after: CampaignWithOffers,
  { action }: EditRequest,
  { principal, now, newId }: EditContext,
): CampaignEdit {
  const { shopId, credentialId, role } = principal;
  const fields = changedFields(before === null ? null : auditFields(before), auditFields(after));
  const subject = { subjectKind: 'CAMPAIGN', subjectId: after.campaign.id } as const;
  const audit: AuditEntry = {
    ...{ shopId, id: newId(), credentialId, role, action, occurredAt: now },
    ...{ ...subject, ...fields },
  };
  const isChanged = before === null || before.offers !== after.offers;
  return { campaign: after.campaign, offers: isChanged ? after.offers : null, audit };
}

type Decision = { readonly after: CampaignWithOffers } | { readonly refusals: readonly CampaignRefusal[] };

/** Runs an edit: decides on the campaign as it is, under the lock of the store, and writes it with its record. */
async function runEdit(
  request: EditRequest,
  context: EditContext,
  decide: (current: CampaignWithOffers | null) => Decision,
): Promise<EditOutcome> {
  const decided: { made: Decision | null } = { made: null };
  const outcome = await context.store.edit(context.principal.shopId, request.id, current => {
    decided.made = decide(current);
    if ('refusals' in decided.made || request.isPreview) return null;
    return editOf(current, decided.made.after, request, context);
  });
  const { made } = decided;
  if (outcome === 'OFFER_TAKEN') {
    const message =
      'Expected ids of offers that no other campaign has; got one that another has. Leave `offerId` out, or choose another.';
    return { edited: null, refusals: [refusal('INVALID', ['offers'], message)] };
  }
  if (made === null || 'refusals' in made) return { edited: null, refusals: made?.refusals ?? [] };
  return { edited: made.after, refusals: [] };
}

/** Returns why a campaign cannot be edited at all by this caller; null when it can. */
function refusedEdit(current: CampaignWithOffers | null, { version }: EditRequest): CampaignRefusal | null {
  if (current === null) {
    const message = 'Expected the id of a campaign of this shop; got another id. `campaigns` lists them.';
    return refusal('NOT_FOUND', ['campaignId'], message);
  }
  const now = current.campaign.version;
  if (version === null || version === now) return null;
  const message = `Expected version ${now}, which the campaign has now; got ${version}. Somebody changed it: read it again and repeat your change.`;
  return refusal('CONFLICT', ['version'], message);
}

const channelOf = (fields: CampaignFields): Pick<Campaign, 'channel' | 'channels'> => ({
  channels: fields.channels,
  // A campaign without a channel is refused; the type needs one.
  channel: fields.channels.at(0)?.channel ?? 'EMAIL',
});

/**
 * Creates a campaign as a draft.
 *
 * @param offers - their `campaignId` is that of the request
 * @throws {GatewayError} UNAVAILABLE
 */
export function createCampaign(
  request: EditRequest,
  { offers, ...fields }: CampaignFields & { readonly offers: readonly Offer[] },
  context: EditContext,
): Promise<EditOutcome> {
  const { principal, policy, now } = context;
  const times = { createdAt: now, updatedAt: now };
  const row = { shopId: principal.shopId, id: request.id, status: 'DRAFT', version: 1, ...times } as const;
  const after = { campaign: { ...row, ...fields, ...channelOf(fields) }, offers };
  return runEdit(request, context, current => {
    const problems = campaignProblems(after, policy);
    if (problems.length > 0) return { refusals: invalid(problems) };
    if (current === null) return { after };
    const message =
      'Expected an id that no campaign of this shop has; got one that is taken. Leave it out, or change that campaign.';
    return { refusals: [refusal('EXISTS', ['campaignId'], message)] };
  });
}

/** Returns why fields may not change in this status, one refusal per field. */
function frozenFields({ campaign }: CampaignWithOffers, change: CampaignChange): readonly CampaignRefusal[] {
  const { status } = campaign;
  const isOpen = (name: string): boolean =>
    status === 'DRAFT' ||
    status === 'PLANNED' ||
    (nextStatuses(status).length > 0 && openWhileRunning.has(name));
  return Object.keys(change)
    .filter(name => !isOpen(name))
    .map(name => {
      const remedy =
        nextStatuses(status).length === 0
          ? 'It has ended: create another campaign.'
          : `What shoppers were drawn for stays as it is; ${[...openWhileRunning].join(', ')} may change.`;
      return refusal(
        'STATUS_REFUSED',
        [name],
        `Expected a campaign whose \`${name}\` may change; got one that is ${status}. ${remedy}`,
      );
    });
}

/** While it runs, a budget may only grow, because parts of it may be spent, and an end must be in the future. */
function runningProblems(
  { campaign }: CampaignWithOffers,
  { budgetMinor, endsAt }: CampaignChange,
  now: number,
): readonly CampaignRefusal[] {
  if (campaign.status === 'DRAFT' || campaign.status === 'PLANNED') return [];
  const least = campaign.budgetMinor;
  const isLower =
    budgetMinor === null || (budgetMinor !== undefined && least !== null && budgetMinor < least);
  const lower = `Expected at least the budget so far, ${least}; got ${budgetMinor}. Pause or cancel it to spend less.`;
  const isPast = endsAt === null || (endsAt !== undefined && endsAt <= now);
  const past = 'Expected an end in the future; got none or a past one. To end it now, cancel it.';
  return [
    ...(isLower ? [refusal('INVALID', ['budgetMinor'], lower)] : []),
    ...(isPast ? [refusal('INVALID', ['endsAt'], past)] : []),
  ];
}

/**
 * Changes fields of a campaign. All are checked together, with those that stay.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export function updateCampaign(
  request: EditRequest,
  change: CampaignChange,
  context: EditContext,
): Promise<EditOutcome> {
  return runEdit(request, context, current => {
    const refused = refusedEdit(current, request);
    if (refused !== null || current === null) return { refusals: refused === null ? [] : [refused] };
    const { offers = current.offers, ...fields } = change;
    const changed = { ...current.campaign, ...fields };
    const after = {
      campaign: { ...changed, ...channelOf(changed), version: changed.version + 1, updatedAt: context.now },
      offers,
    };
    const refusals = [
      ...frozenFields(current, change),
      ...runningProblems(current, change, context.now),
      ...invalid(campaignProblems(after, context.policy)),
    ];
    return refusals.length > 0 ? { refusals } : { after };
  });
}

/**
 * Moves a campaign to another status.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export function campaignStep(
  request: EditRequest,
  to: CampaignStatus,
  context: EditContext,
): Promise<EditOutcome> {
  return runEdit(request, context, current => {
    const refused = refusedEdit(current, request);
    if (refused !== null || current === null) return { refusals: refused === null ? [] : [refused] };
    const { campaign, offers } = current;
    const reason = refusedStep(campaign.status, to);
    if (reason !== null) return { refusals: [refusal('STATUS_REFUSED', ['campaignId'], reason)] };
    const { now } = context;
    if (to === 'RUNNING' && campaign.endsAt !== null && campaign.endsAt <= now) {
      const ended = 'Expected an end in the future; got a past one. Move `endsAt` first.';
      return { refusals: [refusal('INVALID', ['campaignId'], ended)] };
    }
    return {
      after: { campaign: { ...campaign, status: to, version: campaign.version + 1, updatedAt: now }, offers },
    };
  });
}
