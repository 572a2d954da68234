import type { Call, RoleCaller } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import { Closed, StaleVersion, type Stored } from '../../platform/records.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import { findLink, type Link } from '../links/link.ts';
import { page } from '../links/page.ts';
import type { Category } from '../notices/notice.ts';
import {
  type FurtherChannel,
  furtherChannels,
  type NoticePreferences,
  type noticePreferencesEntity,
  silencesMessages,
  type Wishes,
  wishesOf,
} from '../notices/preferences.ts';
import { whatIsNecessary } from './necessary.ts';
import { preferencesIn, preferencesPage } from './page.ts';
import type { linkedPreferenceRoutes, NoticeForm, NoticeSettings, noticePreferenceRoutes } from './routes.ts';

/** A person, as far as notices to them are concerned. */
export interface Recipient {
  readonly owner: Owner;
  readonly preferences: Stored<typeof noticePreferencesEntity> | undefined;
  /** By a link in a mail. */
  readonly declined: readonly Category[];
  /** The organisation's. */
  readonly timeZone: string;
  readonly reachedBy: readonly FurtherChannel[];
}

export interface PreferenceStore {
  /** Undefined for whoever belongs to no organisation. A restriction (Art. 18) keeps nobody from choosing. */
  find(owner: Owner, call: Call): Promise<Recipient | undefined>;
  /** Puts them over the version that was read, and takes back what was declined and is wished for now. Throws `StaleVersion`. */
  save(recipient: Recipient, preferences: NoticePreferences, call: Call): Promise<void>;
}

export const noticePreferenceHandlers = (store: PreferenceStore): HandlersFor<typeof noticePreferenceRoutes, Call> => ({
  async getNoticePreferences(_input, call) {
    return settingsOf(await callersOwn(store, call), call);
  },

  async putNoticePreferences({ body, ifMatch }, call) {
    const recipient = await callersOwn(store, call);
    if (versionOf(recipient) !== ifMatch) throw new Problem('stale-version');
    if (silencesMessages(body, recipient.reachedBy)) throw new Problem('messages-must-reach');
    await store.save(recipient, body, call);
    return settingsOf(await callersOwn(store, call), call);
  },
});

/** The page behind the link of a mail, and what it sends. */
export const linkedPreferenceHandlers = (store: PreferenceStore): HandlersFor<typeof linkedPreferenceRoutes, Call> => ({
  async putNoticePreferencesByLink({ params: { token }, body }, call) {
    const link = await findLink(call.records, token);
    const recipient = link && (await recipientOf(store, link, call));
    if (!recipient) throw deadLinkPage(call);
    const problem = await savedByForm(store, recipient, body, call);
    const after = await store.find(recipient.owner, call);
    if (!after) throw deadLinkPage(call);
    const content = page(preferencesPage(pageOf(after), token, call.language, problem ?? 'saved'), call.language);
    if (problem) throw new PageProblem(problem, content);
    return content;
  },
});

/** Looked at only, it changes nothing; without a person there is nothing to choose. */
export const preferencesLinkPage =
  (store: PreferenceStore): LinkPage =>
  async (link, token, call) => {
    const recipient = await recipientOf(store, link, call);
    return recipient && preferencesPage(pageOf(recipient), token, call.language, 'asked');
  };

async function savedByForm(
  store: PreferenceStore,
  recipient: Recipient,
  form: NoticeForm,
  call: Call,
): Promise<'stale-version' | 'messages-must-reach' | undefined> {
  if (String(versionOf(recipient)) !== form.version) return 'stale-version';
  const preferences = preferencesIn(form, saidBy(recipient), recipient.preferences?.value.timeZone);
  if (silencesMessages(preferences, recipient.reachedBy)) return 'messages-must-reach';
  try {
    await store.save(recipient, preferences, call);
    return undefined;
  } catch (error) {
    if (error instanceof StaleVersion) return 'stale-version';
    // Erased meanwhile.
    if (error instanceof Closed) throw deadLinkPage(call);
    throw error;
  }
}

async function recipientOf(store: PreferenceStore, link: Link, call: Call): Promise<Recipient | undefined> {
  if (link.purpose !== 'notice-preferences') return undefined;
  return store.find(link.owner, call);
}

async function callersOwn(store: PreferenceStore, call: Call): Promise<Recipient> {
  const { organisationId, personId } = call.role as RoleCaller;
  const recipient = await store.find({ controller: organisationId, subject: personId }, call);
  if (!recipient) throw new Error('A role in no organisation');
  return recipient;
}

function settingsOf(recipient: Recipient, { language }: Call): NoticeSettings {
  const { timeZone } = recipient.preferences?.value ?? {};
  const { timeZone: _, ...said } = saidBy(recipient);
  return {
    ...said,
    ...(timeZone !== undefined && { timeZone }),
    version: versionOf(recipient),
    reachedBy: [...recipient.reachedBy],
    cannotBeDeclined: whatIsNecessary(language),
  };
}

/** What was said, whether or not it can be followed today: a number or a device may come back. */
const saidBy = ({ preferences, declined, timeZone }: Recipient): Wishes =>
  wishesOf(preferences?.value, declined, { timeZone, reachedBy: furtherChannels });

const pageOf = (recipient: Recipient) => ({
  wishes: saidBy(recipient),
  reachedBy: recipient.reachedBy,
  version: versionOf(recipient),
});

/** Nothing said has a version too, so that the first word can be conditioned like any other. */
const versionOf = ({ preferences }: Recipient): number => (preferences?.version ?? 0) + 1;
