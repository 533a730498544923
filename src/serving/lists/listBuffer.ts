import type { ListId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import {
  createWriteBuffer,
  type WriteBuffer,
  type WriteBufferCounts,
  type WriteBufferOptions,
} from '../live/writeBuffer';

/** Counts of lists that were written, are waiting or were dropped. */
export type ListBufferCounts = WriteBufferCounts;

/** Lists that are to be written to the store. */
export type ListBuffer = WriteBuffer<ListId, RecommendationList>;

/** Options of a list buffer. */
export type ListBufferOptions = WriteBufferOptions<ListId, RecommendationList>;

/** A write-behind buffer of lists. */
export const createListBuffer = (options: ListBufferOptions): ListBuffer => createWriteBuffer(options);
