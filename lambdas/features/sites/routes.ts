import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { SiteEntryId, SiteId } from '../../http/ids.ts';
import { inLanguage, inOrganisation, ofPerson } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { PlainDate } from '../people/person.ts';
import {
  CSV,
  DAYS_MAX,
  HseCardNumber,
  LINES_MAX,
  OnSite,
  SITES_MAX,
  Site,
  SiteEntry,
  SiteFields,
  SitePosition,
} from './site.ts';

const reading = [...readingRecords, 'activity:append'] as const;
/** An inspection is over on the day it was. */
const INSPECTION_HOURS_MAX = 24;

const ofSite = inOrganisation.extend({ siteId: SiteId });
const ofEntry = ofSite.extend({ day: PlainDate, siteEntryId: SiteEntryId });
const ofCode = ofSite.extend({
  code: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,64}$/)
    .meta({ description: 'The secret part of the QR code at the gate.' }),
});

export const SiteView = Site.omit({ codeHash: true, codeMadeAt: true })
  .extend({ hasCode: z.boolean(), version: z.int().min(1) })
  .meta({ id: 'Site' });
export const SiteEntryView = SiteEntry.extend({ version: z.int().min(1) }).meta({ id: 'SiteEntry' });

export const siteRoutes = {
  createSite: {
    summary: 'Register a site',
    description: 'The list of who was there is kept for six months after the last day of the works, then it goes.',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/sites',
    access: rolesThatMay('site:manage'),
    params: inOrganisation,
    body: SiteFields.meta({ id: 'NewSite' }),
    success: { status: 201, body: SiteView },
    problems: ['forbidden-content', 'too-many', 'works-over'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listSites: {
    summary: 'List the sites',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/sites',
    access: rolesThatMay('site:read'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(SiteView).max(SITES_MAX) }) },
    problems: [],
    needs: readingRecords,
  },
  changeSite: {
    summary: 'Change a site, or when its works end',
    description: 'Works that are over can go on: the last day moves, and the end of the list with it.',
    tag: 'Workplace',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/sites/{siteId}',
    access: rolesThatMay('site:manage'),
    params: ofSite,
    body: SiteFields.meta({ id: 'SiteChange' }),
    success: { status: 200, body: SiteView },
    problems: ['site-not-found', 'forbidden-content', 'works-over'],
    needs: changingRecords,
    versioned: true,
  },
  makeSiteCode: {
    summary: 'Make the QR code for the gate',
    description:
      'The answer alone holds the address and its picture: they are kept nowhere. A new code ends the one before. Behind ' +
      'it is a page without sign-in, on which people check themselves in and out and see nobody else.',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/sites/{siteId}/codes',
    access: rolesThatMay('site:manage'),
    params: ofSite,
    success: {
      status: 201,
      body: z.strictObject({ url: z.url(), svg: z.string().max(60_000) }).meta({ id: 'SiteCode' }),
    },
    problems: ['site-not-found', 'works-over'],
    needs: changingRecords,
    creates: true,
  },
  registerOnSite: {
    summary: 'Register that somebody has come to the site',
    description: 'For whoever does not check in themself. What the law wants to know, and no more.',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/sites/{siteId}/entries',
    access: rolesThatMay('site-list:register'),
    params: ofSite,
    body: OnSite.meta({ id: 'NewSiteEntry' }),
    success: { status: 201, body: SiteEntryView },
    problems: ['site-not-found', 'works-over', 'already-on-site', 'forbidden-content', 'too-many'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  registerDeparture: {
    summary: 'Register that somebody has left the site',
    description:
      'Now. When somebody left whom nobody registered on the day is not known, and nothing is made up: the line stays as it is.',
    tag: 'Workplace',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/sites/{siteId}/entries/{day}/{siteEntryId}/departure',
    access: rolesThatMay('site-list:register'),
    params: ofEntry,
    success: { status: 200, body: SiteEntryView },
    problems: ['site-entry-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  getSiteList: {
    summary: 'Read who was on the site, from one day to another',
    description: `Both days included, at most ${DAYS_MAX}; by arrival. Byggherreforskriften, section 15.`,
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/sites/{siteId}/entries',
    access: rolesThatMay('site-list:read'),
    params: ofSite,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: z.strictObject({ items: z.array(SiteEntryView).max(LINES_MAX) }) },
    problems: ['site-not-found', 'too-many'],
    needs: reading,
    reads: 'site-list',
  },
  inviteInspector: {
    summary: 'Make a link for whoever inspects the site',
    description:
      'Opens the site list, on a page and as CSV, for the hours given, and nothing else. Hand it over as it suits; every ' +
      'opening is recorded.',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/sites/{siteId}/inspections',
    access: rolesThatMay('site-list:read'),
    params: ofSite,
    body: z.strictObject({ hours: z.int().min(1).max(INSPECTION_HOURS_MAX) }).meta({ id: 'NewInspection' }),
    success: {
      status: 201,
      body: z.strictObject({ url: z.url(), expiresAt: z.iso.datetime() }).meta({ id: 'InspectionLink' }),
    },
    problems: ['site-not-found'],
    needs: changingRecords,
    creates: true,
  },
  checkInOnSite: {
    summary: 'Check oneself in on a site, or out',
    description:
      'An employee, in the app. Name and date of birth are those that the organisation holds; a position is taken where ' +
      'the site says so, and otherwise refused (CE-05).',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/site-entries',
    access: rolesThatMay('site:check-in'),
    params: ofPerson,
    body: z
      .strictObject({
        siteId: SiteId,
        do: z.enum(['in', 'out']),
        birthDate: PlainDate.optional(),
        hseCardNumber: HseCardNumber.optional(),
        position: SitePosition.optional(),
      })
      .meta({ id: 'OwnSiteEntry' }),
    success: { status: 201, body: SiteEntryView },
    problems: [
      'person-not-found',
      'site-not-found',
      'site-entry-not-found',
      'works-over',
      'already-on-site',
      'position-not-used',
      'too-many',
    ],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
} as const satisfies Routes;

/** Read as a line of the list by the handler, so that what is wrong is answered by a page and not by a document. */
const typed = z.string().max(300).optional();

/** The page behind the QR code at the gate; for anyone who stands before it. */
export const siteGateRoutes = {
  showSiteGate: {
    summary: 'Show the page behind the QR code of a site',
    tag: 'Workplace',
    method: 'GET',
    path: '/o/{organisationId}/sites/{siteId}/{code}',
    access: anyone,
    params: ofCode,
    query: inLanguage,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found'],
    needs: readingRecords,
  },
  passSiteGate: {
    summary: 'Check in on a site, or out, on the page behind its QR code',
    description: 'Signs nobody in and shows nobody else. What is typed stands on the list that the law demands.',
    tag: 'Workplace',
    method: 'POST',
    path: '/o/{organisationId}/sites/{siteId}/{code}',
    access: anyone,
    params: ofCode,
    query: inLanguage,
    body: z
      .strictObject({
        do: z.enum(['in', 'out']).optional(),
        firstName: typed,
        lastName: typed,
        birthDate: typed,
        employer: typed,
        organisationNumber: typed,
        hseCardNumber: typed,
      })
      .meta({ id: 'SiteGateForm' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: [
      'link-not-found',
      'malformed-request',
      'forbidden-content',
      'already-on-site',
      'site-entry-not-found',
      'too-many',
    ],
    needs: changingRecords,
    limit: { perSecond: 20, burst: 50 },
  },
} as const satisfies Routes;

/** Behind the link of an inspection. */
export const inspectionRoutes = {
  downloadSiteList: {
    summary: 'Download the list of a site, by the link of an inspection',
    description: 'What the page of the link sends; as CSV (RFC 4180). Every opening is recorded.',
    tag: 'Workplace',
    method: 'POST',
    path: '/l/{token}/site-list',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    success: { status: 200, content: [CSV] },
    problems: ['link-not-found'],
    needs: changingRecords,
    limit: { perSecond: 5, burst: 10 },
  },
} as const satisfies Routes;
