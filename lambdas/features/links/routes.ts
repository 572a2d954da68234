import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { inLanguage } from '../../http/params.ts';
import { anyone, type Routes } from '../../http/route.ts';

const ofLink = z.strictObject({
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,64}$/)
    .meta({ description: 'The secret part of a link from a letter.' }),
});

/** Whoever has the link acts for themself alone: a restriction (Art. 18) does not stop them from declining or confirming. */
export const linkRoutes = {
  showLink: {
    summary: 'Show the page of a link from a letter',
    description: 'Changes nothing and signs nobody in. The page does its one purpose when its button is pressed.',
    tag: 'Joining',
    method: 'GET',
    path: '/l/{token}',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    throughRestriction: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found'],
    // A page that leads on looks whether there is still something to lead to.
    needs: ['transient:read', 'core:read', 'rights:read', 'keys:use', 'organisation-key:open'],
  },
  useLink: {
    summary: 'Do what a link from a letter is for',
    description:
      'What the button of the page sends; also the one-click decline of RFC 8058. The body is not read: the link alone says what is done.',
    tag: 'Joining',
    method: 'POST',
    path: '/l/{token}',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    throughRestriction: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'email-taken'],
    needs: [
      'transient:read',
      'transient:write',
      'core:read',
      'core:write',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'rights:read',
      'rights:append',
      // To end what rests on a consent, and to know who subscribes already.
      'keys:close',
      'lookup:write',
    ],
    limit: { perSecond: 50, burst: 100 },
  },
} as const satisfies Routes;
