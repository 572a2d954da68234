import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';
import type { Steps } from '../steps.ts';

export const authenticate = (steps: Pick<Steps, 'authenticate'>): Step => ({
  before: async ({ event, context: { exchange } }) => {
    if (exchange.route.access.to === 'anyone') return;
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(event.headers['authorization'] ?? '')?.[1];
    if (token === undefined) throw new Problem('not-signed-in');
    const { sourceIp, userAgent = '' } = event.requestContext.http;
    exchange.account = await steps.authenticate({ token, sourceIp, userAgent });
  },
});
