/** The rule on SQL that code gives to a driver. */
export const STATEMENT_RULE = "raw-sql";
