export const mixture = 1;
