// breaks: serving-interestTags-imports
import { value } from '../lists/list';

export const own = value;
