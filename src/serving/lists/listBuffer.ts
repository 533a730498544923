import type { ListId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import {
  createWriteBuffer,
  type WriteBuffer,
  type WriteBufferCounts,
  type WriteBufferOptions,
} from '../live/writeBuffer';

/** What became of the lists so far. */
export type ListBufferCounts = WriteBufferCounts;

/** Lists on their way to the store. */
export type ListBuffer = WriteBuffer<ListId, RecommendationList>;

/** How it behaves. */
export type ListBufferOptions = WriteBufferOptions<ListId, RecommendationList>;

/** A write-behind buffer of lists. */
export const createListBuffer = (options: ListBufferOptions): ListBuffer => createWriteBuffer(options);
