import { Field, ID, InterfaceType } from 'type-graphql';

/** Something with a global id (Relay). */
@InterfaceType('Node', {
  description: 'Something with an id that is unique over the whole shop.',
  resolveType: value => value.__typename,
})
export abstract class NodeType {
  @Field(() => ID, { description: 'Opaque global id: give it to `node`.' })
  readonly id!: string;

  /** Name of the object type. */
  readonly __typename!: string;
}
