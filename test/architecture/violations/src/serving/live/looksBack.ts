// breaks: serving-live-imports
import { value } from '../lists/list';

export const own = value;
