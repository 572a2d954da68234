/** The pool's users are named by an e-mail address: this one leads nowhere (RFC 2606, section 2). */
const DOMAIN = '@service-clients.invalid';

/** What Cognito calls a service client. */
export const usernameOfMachine = (id: string): string => `${id}${DOMAIN}`;

/** Whether an e-mail address is a service client's name. */
export const isMachineName = (email: string): boolean => email.endsWith(DOMAIN);
