import { isShortened } from '../../intake/conversion';
import { invalidFile } from './invalidFile';

const controlCharacter = /\p{Cc}/u;

/**
 * Returns an id of a file unchanged.
 *
 * @param place - file and line, for messages
 * @throws {GatewayError} EVALUATION_INVALID on a number that a spreadsheet shortened, because several ids have that form, and on
 *   control characters
 */
export function checkId(id: string, place: string): string {
  if (isShortened(id))
    throw invalidFile(place, 'an id with all its digits', id, 'Export the column as text.');
  if (controlCharacter.test(id))
    throw invalidFile(
      place,
      'an id without control characters',
      'one with some',
      'Correct the ends of lines.',
    );
  return id;
}
