import { Field, ID, InterfaceType } from 'type-graphql';

/** An object with a global id (Relay). */
@InterfaceType('Node', {
  description: 'An object with an id that is unique within the shop.',
  resolveType: value => value.__typename,
})
export abstract class NodeType {
  @Field(() => ID, { description: 'Opaque global id. `node` returns the object.' })
  readonly id!: string;

  /** Name of the object type. */
  readonly __typename!: string;
}
