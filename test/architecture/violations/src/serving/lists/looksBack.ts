// breaks: serving-lists-imports
import { value } from '../root';

export const own = value;
