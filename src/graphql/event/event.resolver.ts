import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { isRowId } from '../../intake/fields';
import { Rejected, type RejectedRows } from '../batch/batchRow';
import type { GraphqlContext } from '../request/context';
import { toViewer, Viewer } from '../viewer/viewer.type';
import { EventsTrackInput } from './event.input';
import { EventsTrackPayload } from './event.type';
import { trackEvents } from './trackEvents';

/** Resolvers of event tracking. */
@Resolver(() => EventsTrackPayload)
export class EventResolver {
  @Mutation(() => EventsTrackPayload, {
    description:
      'Stores events of shoppers. Unknown users are created as stubs, and so are unknown products, except with a SHOPPER credential. Events of deactivated shoppers are rejected. The call can be repeated safely: each event id is stored once.',
  })
  eventsTrack(
    @Arg('input', () => EventsTrackInput, { description: 'The batch of events.' }) input: EventsTrackInput,
    @Rejected('events') rejected: RejectedRows,
    @Ctx() context: GraphqlContext,
  ): Promise<EventsTrackPayload> {
    return trackEvents(input, rejected, context);
  }

  @FieldResolver(() => Viewer, {
    description: 'The shopper of the call. Recommendations requested here already use these events.',
  })
  viewer(@Root() { userId }: EventsTrackPayload, @Ctx() { principal }: GraphqlContext): Viewer {
    // No row can name another text, so all events were rejected, and no list is kept under it.
    return toViewer(principal.role, isRowId(userId) ? userId : null);
  }
}
