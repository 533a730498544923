/** Numbers from here on are seconds since 1970 (late 1994: MovieLens begins in 1995). */
export const firstSeconds = 7.8e8;
/** Numbers from here on are milliseconds: 10¹¹ seconds are in the year 5138. */
export const firstMilliseconds = 1e11;
/** Numbers from here on are in a smaller unit: 10¹⁴ milliseconds are in the year 5138. */
export const firstMicroseconds = 1e14;
