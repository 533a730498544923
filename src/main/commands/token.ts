import { type Command, InvalidArgumentError, Option } from 'commander';
import { GatewayError } from '../../domain/errors';
import { maxIdLength, toShopId, toUserId } from '../../domain/ids';
import { type Role, roles } from '../../domain/role';
import { isRowId } from '../../intake/fields';
import { processConfig } from '../config';
import { jwtSettingsOf, signToken } from '../tokens';

interface TokenOptions {
  readonly shop: string;
  readonly role: Role;
  readonly user?: string;
  readonly hours: number;
}

/** Adds `affinity token` to the program. */
export function registerToken(program: Command): void {
  program
    .command('token')
    .description('Sign a development token with the secret of this gateway')
    .addOption(new Option('--role <role>', 'role of the token').choices(roles).makeOptionMandatory())
    .option('--shop <id>', 'the shop', 'demo')
    .option('--user <id>', 'the shopper, for the role SHOPPER', readId)
    .option('--hours <number>', 'lifetime of the token in hours', readHours, 12)
    .action(tokenCommand);
}

function readId(text: string): string {
  if (isRowId(text)) return text;
  throw new InvalidArgumentError(
    `Expected an id of 1 to ${maxIdLength} characters, in NFC, without white space around it and without control characters.`,
  );
}

function readHours(text: string): number {
  const hours = Number(text);
  if (hours > 0 && hours <= 720) return hours;
  throw new InvalidArgumentError('Expected a number of hours above 0, at most 720.');
}

async function tokenCommand({ shop, role, user, hours }: TokenOptions): Promise<void> {
  const config = processConfig();
  if (config.isProduction) {
    throw new GatewayError(
      'FORBIDDEN',
      'Expected a development machine; NODE_ENV is production. Create an API key instead: affinity keys create.',
    );
  }
  if ((role === 'SHOPPER') !== (user !== undefined)) {
    throw new GatewayError('BAD_USER_INPUT', 'Expected --user with --role SHOPPER, and with no other role.');
  }
  const subject = { shopId: toShopId(shop), role, userId: user === undefined ? null : toUserId(user) };
  console.log(await signToken(await jwtSettingsOf(config), subject, Math.round(hours * 3600)));
}
