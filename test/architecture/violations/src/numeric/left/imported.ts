export const left = 1;
