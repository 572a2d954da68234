import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import type { Link } from '../links/link.ts';
import { TimeZone } from '../organisations/organisation.ts';
import { type Category, categories } from './notice.ts';

/** How e-mail of a category is wished: each by itself, gathered once a day or once a week, or not at all. */
export const emailWishes = ['at-once', 'daily', 'weekly', 'off'] as const;
export const EmailWish = z.enum(emailWishes);
export type EmailWish = z.output<typeof EmailWish>;

/** What rings beside e-mail, for whoever asks for it. It says only that something waits. */
export const furtherChannels = ['sms', 'push'] as const;
export type FurtherChannel = (typeof furtherChannels)[number];
const FurtherWish = z.strictObject({
  sms: z.enum(['at-once', 'off']).default('off'),
  push: z.enum(['at-once', 'off']).default('off'),
});
export const CategoryWish = FurtherWish.extend({ email: EmailWish.default('at-once') });
export type CategoryWish = z.output<typeof CategoryWish>;

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const QuietHours = z
  .strictObject({ from: TimeOfDay.meta({ examples: ['21:30'] }), until: TimeOfDay.meta({ examples: ['06:30'] }) })
  .refine(({ from, until }) => from !== until, 'quiet hours end at another time than they begin')
  .meta({ description: 'From and until a time of day, also over midnight.' });

/** More mails than this in a day are nobody's wish. */
const MAILS_PER_DAY_MAX = 50;

/** What a person has said about the notices that they get from one organisation; what is left out is as it is by default. */
export const NoticePreferences = z.strictObject({
  categories: z.partialRecord(z.enum(categories), CategoryWish).default({}),
  necessary: FurtherWish.prefault({}).meta({
    description: 'What cannot be declined comes by e-mail, and by these as well.',
  }),
  quietHours: QuietHours.optional(),
  timeZone: TimeZone.optional().meta({
    description: "Where the clock of the quiet hours stands; the organisation's zone otherwise.",
  }),
  digest: z
    .strictObject({ hour: z.int().min(0).max(23).default(17), weekday: z.enum(weekdays).default('friday') })
    .prefault({})
    .meta({ description: 'When what is gathered comes; the weekday counts for what comes once a week.' }),
  mailsPerDayMax: z
    .int()
    .min(1)
    .max(MAILS_PER_DAY_MAX)
    .default(10)
    .meta({ description: 'What is more waits for the day’s digest; what is urgent is not counted.' }),
});
export type NoticePreferences = z.output<typeof NoticePreferences>;

/** What a person wishes about notices. Lies in the person's partition. */
export const noticePreferencesEntity = entity({
  name: 'notice-preferences',
  table: 'core',
  sortKey: 'NOTICE-PREFERENCES',
  schema: NoticePreferences,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to write to a person as often, at the times and in the ways that they wish',
  // What is turned off is an objection, and has to be remembered to be respected (GDPR Art. 21).
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const preferencesRef = (owner: Owner): Ref<typeof noticePreferencesEntity> => ({
  entity: noticePreferencesEntity,
  owner,
});

/** What holds for a person, with everything that is not said filled in. */
export interface Wishes {
  readonly categories: Readonly<Record<Category, CategoryWish>>;
  readonly necessary: Readonly<Record<FurtherChannel, 'at-once' | 'off'>>;
  readonly quietHours?: z.output<typeof QuietHours>;
  readonly timeZone: string;
  readonly digest: NoticePreferences['digest'];
  readonly mailsPerDayMax: number;
}

/**
 * The wishes that hold: what was said, and what was declined by a link. Messages reach the person in some way: turned
 * off everywhere, they are gathered once a day. `timeZone` is the organisation's, `reachedBy` what the person has a
 * number or a device for. Pure.
 */
export function wishesOf(
  preferences: NoticePreferences | undefined,
  declined: readonly Category[],
  { timeZone, reachedBy }: { readonly timeZone: string; readonly reachedBy: readonly FurtherChannel[] },
): Wishes {
  const said = preferences ?? NoticePreferences.parse({});
  const { quietHours, digest, mailsPerDayMax } = said;
  const reaching = <W extends z.output<typeof FurtherWish>>(wish: W): W => ({
    ...wish,
    sms: reachedBy.includes('sms') ? wish.sms : 'off',
    push: reachedBy.includes('push') ? wish.push : 'off',
  });
  const wishOf = (category: Category): CategoryWish => {
    const wish = reaching(said.categories[category] ?? CategoryWish.parse({}));
    const email = declined.includes(category) ? 'off' : wish.email;
    return { ...wish, email: category === 'messages' && isSilent({ ...wish, email }) ? 'daily' : email };
  };
  return {
    categories: Object.fromEntries(categories.map((category) => [category, wishOf(category)])) as Wishes['categories'],
    necessary: reaching(said.necessary),
    ...(quietHours && { quietHours }),
    timeZone: said.timeZone ?? timeZone,
    digest,
    mailsPerDayMax,
  };
}

/** Somebody counts on a message being read: it can be moved to another way, and gathered, but not silenced. */
export const canBeDeclinedByLink = (category: Category): boolean => category !== 'messages';

/** It comes in a digest because the person wishes so, and a press on the digest's own link turns it off. */
export const isGatheredByWish = (category: Category, { categories: wishes }: Wishes): boolean =>
  canBeDeclinedByLink(category) && (wishes[category].email === 'daily' || wishes[category].email === 'weekly');

/** Whether these would keep messages from reaching the person in any way. Pure. */
export function silencesMessages(preferences: NoticePreferences, reachedBy: readonly FurtherChannel[]): boolean {
  const { messages } = preferences.categories;
  return messages?.email === 'off' && reachedBy.every((channel) => messages[channel] === 'off');
}

const isSilent = ({ email, sms, push }: CategoryWish) => [email, sms, push].every((wish) => wish === 'off');

const DeclinedNotices = z.strictObject({ category: z.enum(categories), declinedAt: z.iso.datetime() });

/** That a person does not want a category of notices. Lies in the person's partition, under the category. */
export const declinedNoticesEntity = entity({
  name: 'declined-notices',
  table: 'core',
  sortKey: 'DECLINED-NOTICES',
  schema: DeclinedNotices,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to respect that a person does not want certain notices',
  // An objection has to be remembered to be respected (GDPR Art. 21).
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const declinedNoticesRef = (owner: Owner, category: Category): Ref<typeof declinedNoticesEntity> => ({
  entity: declinedNoticesEntity,
  owner,
  key: category,
});

/**
 * The effect of a decline link, of one category or of all that a digest gathers by wish (`digest`). Declining twice is
 * declined: the first time stands.
 */
export async function declineNotices(link: Link, change: Change, call: Call): Promise<void> {
  const asked = await categoriesOf(link, call);
  const refs = asked.map((category) => declinedNoticesRef(link.owner, category));
  const stored = await call.records.getMany(refs);
  const declined = asked.filter((_, i) => !stored[i]);
  if (declined.length === 0) return;
  const declinedAt = call.now.toISOString();
  for (const category of declined) {
    change
      .put(declinedNoticesRef(link.owner, category), { category, declinedAt }, 'new')
      .activity({ event: 'notices.declined', subject: link.owner, detail: { category } });
  }
  await change.commit().catch((error: unknown) => {
    // Somebody else has just declined for the same person: all is as it should be.
    if (!(error instanceof StaleVersion)) throw error;
  });
}

async function categoriesOf({ owner, about }: Link, { records }: Call): Promise<readonly Category[]> {
  if (about === 'digest') {
    const preferences = await records.get(preferencesRef(owner));
    // Neither zone nor channels matter to what is gathered.
    const wishes = wishesOf(preferences?.value, [], { timeZone: 'UTC', reachedBy: furtherChannels });
    return categories.filter((category) => isGatheredByWish(category, wishes));
  }
  const category = categories.find((known) => known === about);
  if (!category) throw new Error('A decline link without a category');
  return [category];
}
