import type { Command } from 'commander';
import { schemaText } from '../../graphql/schemaText';

/** Adds `affinity schema` to the program. */
export function registerSchema(program: Command): void {
  program
    .command('schema')
    .description('Print the GraphQL schema in SDL, as in schema.graphql')
    .action(() => {
      process.stdout.write(schemaText());
    });
}
