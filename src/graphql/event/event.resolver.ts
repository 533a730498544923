import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '../request/context';
import { Viewer } from '../viewer/viewer.type';
import { EventsTrackInput } from './event.input';
import { EventsTrackPayload } from './event.type';
import { trackEvents } from './trackEvents';

/** Events. */
@Resolver(() => EventsTrackPayload)
export class EventResolver {
  @Mutation(() => EventsTrackPayload, {
    description:
      'Keeps what shoppers did. Unknown users and products are created as stubs. Repeat a call as often as needed: every event id counts once.',
  })
  eventsTrack(
    @Arg('input', () => EventsTrackInput, { description: 'The events.' }) input: EventsTrackInput,
    @Ctx() context: GraphqlContext,
  ): Promise<EventsTrackPayload> {
    return trackEvents(input, context);
  }

  @FieldResolver(() => Viewer, {
    description: 'Whom the call was for: their recommendations already know of these events.',
  })
  viewer(@Root() { userId }: EventsTrackPayload, @Ctx() { principal }: GraphqlContext): Viewer {
    return { role: principal.role, userId };
  }
}
