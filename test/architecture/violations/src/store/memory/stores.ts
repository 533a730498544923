export const stores = 1;
