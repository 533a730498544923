export const artifact = 1;
