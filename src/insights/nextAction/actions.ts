import {
  type InteractionType,
  interactionCodes,
  interactionTypeOf,
  interactionTypes,
} from '../../domain/interaction';
import type { NextAction } from '../../domain/prediction';
import type { EventColumns } from '../../snapshot/snapshot';

// What a forecaster knows that can come next: names of event types, then LEAVE for the end of the session. All of its arrays
// are by the place of a name in this list, and the artifact stores the list.

/**
 * The types of every list, in this order, whether they occur or not. Artifacts that store no list were trained with these
 * alone; a type that is added later is in a list only where it occurs, so that it changes no model of a shop without it.
 */
export const firstTypes = [
  ...['VIEW', 'CLICK', 'SEARCH', 'CART_ADD', 'CART_REMOVE', 'WISHLIST', 'PURCHASE', 'RETURN', 'RATING'],
  ...['SHARE', 'DISLIKE'],
] as readonly InteractionType[];
const end: NextAction = 'LEAVE';

/** The list of artifacts that store none. */
export const firstActions: readonly NextAction[] = [...firstTypes, end];

/** The list for a snapshot's events: the first types, the other types that occur in the order of their codes, and LEAVE. */
export function actionsOf({ type: codes }: Pick<EventColumns, 'type'>): readonly NextAction[] {
  const seen = new Uint8Array(256);
  for (const code of codes) seen[code] = 1;
  const others = interactionTypes.filter(
    type => !firstTypes.includes(type) && seen[interactionCodes[type]] === 1,
  );
  return [...firstTypes, ...others, end];
}

/** Returns how many of the actions are types of events. */
export const typeCountOf = (actions: readonly string[]): number => actions.length - 1;

/** Returns the place of a type's code in a list of actions; -1 for a type that the list does not have. */
export function placesOf(actions: readonly string[]): (typeCode: number) => number {
  const places = new Map(actions.map((action, place) => [action, place]));
  const byCode = new Int16Array(256).fill(-1);
  for (let code = 0; code < byCode.length; code++) {
    const type = interactionTypeOf(code);
    if (type !== undefined) byCode[code] = places.get(type) ?? -1;
  }
  return typeCode => byCode[typeCode];
}
