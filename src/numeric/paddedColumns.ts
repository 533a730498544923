/** Columns a factor matrix has in the kernels' memory: the next multiple of 8; the columns beyond `rank` are zeros. */
export const paddedColumns = (rank: number): number => Math.ceil(rank / 8) * 8;
