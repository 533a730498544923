import { type AccessTable, mergeAccess } from './access/access';
import { apiKeyModule } from './apiKey/apiKey.module';
import { auditModule } from './audit/audit.module';
import { batchModule } from './batch/batch.module';
import { buyAgainModule } from './buyAgain/buyAgain.module';
import { campaignModule } from './campaign/campaign.module';
import { consentModule } from './consent/consent.module';
import { errorsModule } from './errors/errors.module';
import { eventModule } from './event/event.module';
import { identityModule } from './identity/identity.module';
import { interactionModule } from './interaction/interaction.module';
import { interestTagModule } from './interestTag/interestTag.module';
import { modelModule } from './model/model.module';
import type { GraphqlModule } from './module/graphqlModule';
import { nextActionModule } from './nextAction/nextAction.module';
import { nodeAccess } from './node/node.access';
import { pagingModule } from './paging/paging.module';
import { productModule } from './product/product.module';
import { recommendationModule } from './recommendation/recommendation.module';
import { shopModule } from './shop/shop.module';
import { subscriptionModule } from './subscription/subscription.module';
import { trainingModule } from './training/training.module';
import { userModule } from './user/user.module';
import { viewerModule } from './viewer/viewer.module';

/** Every folder that adds to the schema. */
export const modules: readonly GraphqlModule[] = [
  apiKeyModule,
  auditModule,
  batchModule,
  buyAgainModule,
  campaignModule,
  consentModule,
  errorsModule,
  eventModule,
  identityModule,
  interactionModule,
  interestTagModule,
  modelModule,
  nextActionModule,
  { access: nodeAccess },
  pagingModule,
  productModule,
  recommendationModule,
  shopModule,
  subscriptionModule,
  trainingModule,
  userModule,
  viewerModule,
];

/** Roles per field of the whole schema. Which rows a role sees of a field it may select is in access/ownership.ts. */
export const accessTable: AccessTable = mergeAccess(modules.map(({ access }) => access));
