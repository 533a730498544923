/** Columns of a factor matrix in the kernels' memory: `rank` rounded up to a multiple of 8. The extra columns are zeros. */
export const paddedColumns = (rank: number): number => Math.ceil(rank / 8) * 8;
