import type { ShopId } from '../../domain/ids';
import {
  defaultShopPolicy,
  type PolicyChange,
  readOverrides,
  type ShopPolicy,
  shopPolicyOf,
} from '../../domain/shopPolicy';
import type { Shop, ShopStore } from '../ports/shop';
import { announce, announceSql } from './changes';
import type { Database } from './database';
import { guard } from './failures';
import type { Shop as ShopRow } from './generated/client';

/** The columns that hold a policy. */
type PolicyRow = Pick<ShopRow, 'policy' | 'interactionRetentionDays' | 'listRetentionDays'>;

/** The policy of a row; retention has columns of its own. */
function readPolicy({
  policy,
  interactionRetentionDays,
  listRetentionDays,
}: PolicyRow): Pick<Shop, 'policy' | 'policyProblems'> {
  const { overrides, problems } = readOverrides(policy ?? {}, {
    'retention.interactionDays': interactionRetentionDays,
    'retention.listDays': listRetentionDays,
  });
  return { policy: shopPolicyOf(overrides), policyProblems: problems };
}

const toShop = ({ id, name, defaultLocale, currency, ...row }: ShopRow): Shop => ({
  ...{ id: id as ShopId, name, defaultLocale, currency },
  ...readPolicy(row),
});

/**
 * $1 shop, $2 settings to merge (null removes one), $3 and $4 whether and what to set interactionRetentionDays to, $5
 * and $6 the same of listRetentionDays. One statement, so that concurrent changes of other settings are kept.
 */
const changePolicyStatement = {
  name: 'changeShopPolicy',
  text: `WITH changed AS (
    UPDATE "Shop" SET policy = jsonb_strip_nulls(
        CASE WHEN jsonb_typeof(policy) = 'object' THEN policy ELSE '{}' END || $2::jsonb),
      "interactionRetentionDays" = CASE WHEN $3::boolean THEN $4::int ELSE "interactionRetentionDays" END,
      "listRetentionDays" = CASE WHEN $5::boolean THEN $6::int ELSE "listRetentionDays" END
    WHERE id = $1
    RETURNING id, policy, "interactionRetentionDays", "listRetentionDays")
  SELECT policy, "interactionRetentionDays", "listRetentionDays", ${announceSql('shop', 'id')} FROM changed`,
};

async function changePolicy(
  database: Database,
  shopId: ShopId,
  change: PolicyChange,
): Promise<ShopPolicy | null> {
  const { 'retention.interactionDays': interactionDays, 'retention.listDays': listDays, ...rest } = change;
  const [row] = await database.query<PolicyRow>(changePolicyStatement, [
    shopId,
    JSON.stringify(rest),
    interactionDays !== undefined,
    interactionDays ?? defaultShopPolicy.retention.interactionDays,
    listDays !== undefined,
    listDays ?? defaultShopPolicy.retention.listDays,
  ]);
  return row === undefined ? null : readPolicy(row).policy;
}

/** Creates the PostgreSQL store of shops; `list` is ordered by id. */
export function createPrismaShops(database: Database): ShopStore {
  const { prisma } = database;
  return {
    async find(shopId) {
      const shop = await guard(prisma.shop.findUnique({ where: { id: shopId } }));
      return shop === null ? null : toShop(shop);
    },
    async upsert({ id, name, defaultLocale, currency }) {
      const described = { id, name, defaultLocale, currency };
      const write = prisma.shop.upsert({ where: { id }, create: described, update: described });
      await guard(prisma.$transaction([write, announce(prisma, { kind: 'shop', shopId: id })]));
    },
    changePolicy: (shopId, change) => changePolicy(database, shopId, change),
    async list() {
      return (await guard(prisma.shop.findMany({ orderBy: { id: 'asc' } }))).map(toShop);
    },
  };
}
