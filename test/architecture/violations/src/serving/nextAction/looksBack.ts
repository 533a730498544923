// breaks: serving-nextAction-imports
import { value } from '../lists/list';

export const own = value;
