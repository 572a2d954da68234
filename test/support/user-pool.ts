import { EmailInUse } from '../../lambdas/platform/user-pool.ts';

/** Cognito, as the outside world that it is. */
export function aUserPool() {
  const users = new Map<string, { sub: string; signedIn: boolean; totp: boolean }>();
  return {
    users,
    async invite(email: string) {
      const known = users.get(email);
      if (known)
        return { sub: known.sub, outcome: known.signedIn ? ('exists' as const) : ('never-signed-in' as const) };
      const user = { sub: crypto.randomUUID(), signedIn: false, totp: false };
      users.set(email, user);
      return { sub: user.sub, outcome: 'created' as const };
    },
    bySub: (sub: string) => [...users.values()].find((user) => user.sub === sub),
    totp: new Set<string>(),
    signedOut: new Set<string>(),
    addresses: new Map<string, string>(),
    async hasTotp(sub: string) {
      return this.totp.has(sub);
    },
    async associateTotp() {
      return 'JBSWY3DPEHPK3PXP';
    },
    async verifyAndTurnOnTotp(sub: string, _token: string, code: string) {
      if (code !== '123456') return false;
      this.totp.add(sub);
      return true;
    },
    async turnOffTotp(sub: string) {
      this.totp.delete(sub);
    },
    async signOutEverywhere(sub: string) {
      this.signedOut.add(sub);
    },
    async changeEmail(sub: string, email: string) {
      if ([...this.addresses.values()].includes(email)) throw new EmailInUse('taken');
      this.addresses.set(sub, email);
    },
    async remove(sub: string) {
      for (const [email, user] of users) if (user.sub === sub) users.delete(email);
    },
    async exists(sub: string) {
      return [...users.values()].some((user) => user.sub === sub);
    },
  };
}
