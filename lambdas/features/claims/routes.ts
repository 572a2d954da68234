import * as z from 'zod';
import { HTML, JSON_DOCUMENT } from '../../http/content.ts';
import { inLanguage } from '../../http/params.ts';
import { anyone, type Routes } from '../../http/route.ts';
import { linkRoutes } from '../links/routes.ts';

const ofLink = linkRoutes.showLink.params;
/** Short and free: what is not the right one is answered by a page, not by a list of rules. */
const TYPED_CODE_MAX = 40;
const Pass = z
  .string()
  .max(64)
  .meta({ description: 'What the right code was exchanged for; it stands in the page’s forms.' });

const opening = [
  'transient:read',
  'transient:write',
  'core:read',
  'keys:use',
  'organisation-key:open',
  'activity:append',
] as const;
/** From everybody together: nobody who guesses gets far, and nobody who waits for a mail is in the way of another. */
const limit = { perSecond: 10, burst: 20 };

/** The page behind a claim link: the answer to a request, for someone who has no account (or has it no more). */
export const claimRoutes = {
  sendClaimCode: {
    summary: 'Have a one-time code mailed, to open the answer to a request',
    description:
      'What the button of the page sends. The code goes to the reply address, lives ten minutes and takes five tries. ' +
      'Where the code is handed over instead, nothing is mailed.',
    tag: 'Requests',
    method: 'POST',
    path: '/l/{token}/code',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'too-many-requests'],
    needs: [...opening],
    limit,
  },
  openClaim: {
    summary: 'Open the answer to a request with the one-time code',
    description: 'A wrong, used, expired and a never asked-for code are answered alike, and each try counts.',
    tag: 'Requests',
    method: 'POST',
    path: '/l/{token}/answer',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    body: z.strictObject({ code: z.string().max(TYPED_CODE_MAX) }).meta({ id: 'ClaimCode' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'claim-code-refused'],
    needs: [...opening, 'rights:read'],
    limit,
    throughRestriction: true,
  },
  downloadClaim: {
    summary: 'Get a link to the copy of one’s data',
    description: 'The link works for at most a minute.',
    tag: 'Requests',
    method: 'POST',
    path: '/l/{token}/copy',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    body: z.strictObject({ pass: Pass }).meta({ id: 'ClaimPass' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'claim-code-refused', 'nothing-to-fetch'],
    needs: [...opening, 'rights:read', 'exports:read', 'downloads:write'],
    limit,
    throughRestriction: true,
  },
  getClaimedCertificate: {
    summary: 'Get the signed certificate of an erasure',
    tag: 'Requests',
    method: 'POST',
    path: '/l/{token}/certificate',
    access: anyone,
    params: ofLink,
    query: inLanguage,
    body: z.strictObject({ pass: Pass }).meta({ id: 'ClaimPass' }),
    form: true,
    success: { status: 200, content: [JSON_DOCUMENT] },
    problems: ['link-not-found', 'claim-code-refused', 'nothing-to-fetch'],
    needs: [...opening, 'rights:read'],
    limit,
    throughRestriction: true,
  },
} as const satisfies Routes;
