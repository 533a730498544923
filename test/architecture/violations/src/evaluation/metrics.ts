export const metrics = 1;
