/** SQL condition: the shopper of a row did not withdraw ANALYTICS. @param row - alias or table with shopId and userId */
export const allowsAnalytics = (row: string): string =>
  `NOT EXISTS (SELECT FROM "Consent" AS answer WHERE answer."shopId" = ${row}."shopId"
    AND answer."userId" = ${row}."userId" AND answer.purpose = 'ANALYTICS' AND NOT answer.granted)`;
