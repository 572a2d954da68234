import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { inLanguage, inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { categories, noticeKinds, type Template } from '../notices/notice.ts';
import {
  CategoryWish,
  EmailWish,
  furtherChannels,
  NoticePreferences,
  TimeOfDay,
  weekdays,
} from '../notices/preferences.ts';
import { necessities } from './necessary.ts';

/** What holds for the caller, whoever said it and where; what was left out stands here as it is by default. */
const NoticeSettings = z
  .strictObject({
    ...NoticePreferences.shape,
    version: z.int().min(1),
    categories: z.record(z.enum(categories), CategoryWish),
    reachedBy: z.array(z.enum(furtherChannels)).max(furtherChannels.length).meta({
      description: 'By what you can be reached beside e-mail: a number that is registered, a device of yours.',
    }),
    cannotBeDeclined: z
      .array(
        z.strictObject({
          because: z.enum(necessities),
          why: z.string().meta({ description: 'The reason in words, in the language of the answer.' }),
          notices: z.array(z.enum(Object.keys(noticeKinds) as [Template, ...Template[]])),
        }),
      )
      .max(necessities.length),
  })
  .meta({ id: 'NoticeSettings' });
export type NoticeSettings = z.input<typeof NoticeSettings>;

export const noticePreferenceRoutes = {
  getNoticePreferences: {
    summary: 'Read which notices you get from the organisation, how and when',
    description: 'Your own, as the person of your role. Also says what cannot be declined, and why.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/notice-preferences',
    access: rolesThatMay('notice-preferences:manage'),
    params: inOrganisation,
    success: { status: 200, body: NoticeSettings },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  putNoticePreferences: {
    summary: 'Choose which notices you get from the organisation, how and when',
    description:
      'What is left out is as it is by default: everything at once by e-mail, nothing by SMS or push, no quiet hours, ' +
      'ten mails a day. During quiet hours only what is urgent comes. What is gathered comes in one mail, a day’s or a ' +
      'week’s; what would be worthless by then comes earlier. Messages can be turned off by e-mail only where an SMS or a ' +
      'push tells of them instead. A category that was declined by a link in a mail is turned on again by anything but ' +
      '`off`.',
    tag: 'Notices',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/notice-preferences',
    access: rolesThatMay('notice-preferences:manage'),
    params: inOrganisation,
    body: NoticePreferences.meta({ id: 'NoticePreferences' }),
    success: { status: 200, body: NoticeSettings },
    problems: ['messages-must-reach'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;

/** A choice of the page; a page of ours always sends all of them. */
const NoticeForm = z
  .strictObject({
    version: z.string().regex(/^[1-9]\d{0,14}$/),
    ...(Object.fromEntries(categories.map((category) => [category, EmailWish])) as Record<
      (typeof categories)[number],
      typeof EmailWish
    >),
    quietFrom: z.union([z.literal('none'), TimeOfDay]),
    quietUntil: TimeOfDay,
    digestHour: z.string().regex(/^(1?\d|2[0-3])$/),
    digestWeekday: z.enum(weekdays),
    mailsPerDayMax: z.string().regex(/^([1-9]|[1-4]\d|50)$/),
  })
  .meta({ id: 'NoticeForm' });
export type NoticeForm = z.output<typeof NoticeForm>;

/** Behind the link at the foot of each mail. */
export const linkedPreferenceRoutes = {
  putNoticePreferencesByLink: {
    summary: 'Choose which mails you get, from the page of a link',
    description:
      'What the page of the link sends; signs nobody in. SMS and push stay as they are. The link keeps working until it expires.',
    tag: 'Notices',
    method: 'POST',
    path: '/l/{token}/notice-preferences',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    throughRestriction: true,
    body: NoticeForm,
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'messages-must-reach', 'stale-version'],
    needs: changingRecords,
    limit: { perSecond: 20, burst: 40 },
  },
} as const satisfies Routes;
