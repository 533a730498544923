// breaks: serving-scan-imports
import { value } from '../live/shop';

export const own = value;
