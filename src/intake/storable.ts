const unstorable = /[\0\p{Surrogate}]/u;

/** Returns whether PostgreSQL can store a text unchanged: one without NUL and without halves of surrogate pairs. */
export const isStorable = (text: string): boolean => !unstorable.test(text);
