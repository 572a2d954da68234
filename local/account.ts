/** The account and region that the embedded cloud plays; the region is the only one where Vern may run. */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'eu-west-1';
