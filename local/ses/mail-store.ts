import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Mail } from './mail.ts';
import { openSendCounts, type Send } from './send-counts.ts';

/** The oldest mails go when there are more. */
const MAILS_KEPT_MAX = 20_000;
/** How many mails come between two looks at whether the oldest must go. */
const MAILS_BETWEEN_LOOKS = 100;

/** How many mails went out, ever, and to how many addresses: also of mails that are no longer kept. */
export interface MailCounts {
  readonly mails: number;
  readonly addresses: number;
  /** As many as the address got that got most. */
  readonly mostToOne: number;
}

export interface Suppressed {
  readonly address: string;
  readonly reason: 'BOUNCE' | 'COMPLAINT';
  readonly updatedAtEpochMilliseconds: number;
}

export type MailStore = ReturnType<typeof openMailStore>;

/**
 * All that SES knows, in `<stateDir>/ses.sqlite`. Every change is the operating system's when its function returns, so what
 * was acknowledged survives a kill -9 (not a power cut: two hundred times a second, that would cost most of the machine).
 * Mails and their events that wait to be published are written in one transaction.
 */
export function openMailStore(stateDir: string) {
  mkdirSync(stateDir, { recursive: true });
  const database = new DatabaseSync(join(stateDir, 'ses.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS mails (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, mail TEXT, raw BLOB);
    CREATE TABLE IF NOT EXISTS recipients
      (address TEXT, sequence INTEGER REFERENCES mails ON DELETE CASCADE, PRIMARY KEY (address, sequence)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS recipients_by_mail ON recipients (sequence);
    CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT);
    CREATE TABLE IF NOT EXISTS mail_counts (address TEXT PRIMARY KEY, mails INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS suppressed (address TEXT PRIMARY KEY, reason TEXT, updatedAtEpochMilliseconds INTEGER);
    CREATE INDEX IF NOT EXISTS suppressed_in_any_case ON suppressed (address COLLATE NOCASE);
    CREATE TABLE IF NOT EXISTS identities (identity TEXT PRIMARY KEY);`);
  const sent = openSendCounts(database);
  const statement = (sql: string) => database.prepare(sql);
  const addMail = statement('INSERT INTO mails (id, mail, raw) VALUES (?, ?, ?)');
  const dropOldMails = statement(
    `DELETE FROM mails WHERE sequence <= (SELECT max(sequence) FROM mails) - ${MAILS_KEPT_MAX}`,
  );
  const addRecipient = statement('INSERT OR IGNORE INTO recipients VALUES (?, ?)');
  const allMails = statement('SELECT id, mail, raw FROM mails ORDER BY sequence DESC LIMIT ? OFFSET ?');
  const mailsTo = statement(
    `SELECT id, mail, raw FROM mails JOIN recipients USING (sequence) WHERE address = ?
     ORDER BY sequence DESC LIMIT ? OFFSET ?`,
  );
  const countAll = statement('SELECT count(*) AS count FROM mails');
  const countTo = statement('SELECT count(*) AS count FROM recipients WHERE address = ?');
  const addresses = statement(
    'SELECT address FROM recipients GROUP BY address ORDER BY max(sequence) DESC, address LIMIT ?',
  );
  const oneMail = statement('SELECT id, mail, raw FROM mails WHERE id = ?');
  const addEvent = statement('INSERT INTO events (event) VALUES (?)');
  const waitingEvents = statement('SELECT sequence, event FROM events ORDER BY sequence LIMIT ?');
  const dropEvents = statement('DELETE FROM events WHERE sequence <= ?');
  const countMail = statement(
    'INSERT INTO mail_counts VALUES (?, 1) ON CONFLICT (address) DO UPDATE SET mails = mails + 1',
  );
  const mailCounts = statement(
    'SELECT coalesce(sum(mails), 0) AS mails, count(*) AS addresses, coalesce(max(mails), 0) AS mostToOne FROM mail_counts',
  );
  const suppress = statement('INSERT OR REPLACE INTO suppressed VALUES (?, ?, ?)');
  const isSuppressed = statement('SELECT 1 FROM suppressed WHERE address = ? COLLATE NOCASE');
  const oneSuppressed = statement('SELECT * FROM suppressed WHERE address = ?');
  const allSuppressed = statement('SELECT * FROM suppressed ORDER BY address');
  const unsuppress = statement('DELETE FROM suppressed WHERE address = ?');
  const addIdentity = statement('INSERT OR IGNORE INTO identities VALUES (?)');
  const identities = statement('SELECT identity FROM identities');

  return {
    /** Keeps a mail, its share of the quota and its events, together or not at all. */
    add(mail: Mail, raw: Buffer, send: Send | null = null, events: readonly object[] = []): void {
      transact(() => {
        const { lastInsertRowid } = addMail.run(mail.id, JSON.stringify(mail), raw);
        for (const address of mail.to.map((each) => each.toLowerCase())) {
          addRecipient.run(address, lastInsertRowid);
          countMail.run(address);
        }
        if (Number(lastInsertRowid) % MAILS_BETWEEN_LOOKS === 0) dropOldMails.run();
        for (const event of events) addEvent.run(JSON.stringify(event));
        if (send) sent.add(send);
      });
    },
    /** Newest first; `to` is one recipient's address, in any case. */
    list({
      to,
      limit = MAILS_KEPT_MAX,
      skipped = 0,
    }: {
      to?: string | undefined;
      limit?: number;
      skipped?: number;
    } = {}) {
      const rows = to === undefined ? allMails.all(limit, skipped) : mailsTo.all(to.toLowerCase(), limit, skipped);
      return rows.map(stored);
    },
    count(to?: string): number {
      const row = to === undefined ? countAll.get() : countTo.get(to.toLowerCase());
      return Number(row?.['count']);
    },
    /** Who got mail most recently, in lower case. */
    recipients(limit: number): string[] {
      return addresses.all(limit).map((row) => String(row['address']));
    },
    find(id: string): StoredMail | undefined {
      const row = oneMail.get(id);
      return row && stored(row);
    },
    /** Empties the mailbox. Counts, quotas, suppressions and waiting events are SES's, and stay. */
    clear(): void {
      database.exec('DELETE FROM mails');
    },
    /** Oldest first, as JSON. */
    waitingEvents(limit: number): { sequence: number; event: string }[] {
      return waitingEvents
        .all(limit)
        .map((row) => ({ sequence: Number(row['sequence']), event: String(row['event']) }));
    },
    /** This event and all before it. */
    eventsPublished(lastSequence: number): void {
      dropEvents.run(lastSequence);
    },
    sent,
    mailCounts(): MailCounts {
      const row = mailCounts.get();
      return {
        mails: Number(row?.['mails']),
        addresses: Number(row?.['addresses']),
        mostToOne: Number(row?.['mostToOne']),
      };
    },
    /** In any case: mail is one mailbox's, however its name is written. */
    isSuppressed: (address: string) => isSuppressed.get(address) !== undefined,
    suppress({ address, reason, updatedAtEpochMilliseconds }: Suppressed): void {
      suppress.run(address, reason, updatedAtEpochMilliseconds);
    },
    /** By the exact address: SES's list tells upper from lower case. */
    findSuppressed(address: string): Suppressed | undefined {
      const row = oneSuppressed.get(address);
      return row && suppressedFrom(row);
    },
    suppressed: () => allSuppressed.all().map(suppressedFrom),
    /** False where the address was not on the list. */
    unsuppress: (address: string) => Number(unsuppress.run(address).changes) > 0,
    addIdentity: (identity: string) => void addIdentity.run(identity.toLowerCase()),
    identities: () => identities.all().map((row) => String(row['identity'])),
    close(): void {
      if (database.isOpen) database.close();
    },
  };

  function transact(change: () => void): void {
    database.exec('BEGIN IMMEDIATE');
    try {
      change();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}

export interface StoredMail {
  readonly mail: Mail;
  readonly raw: Buffer;
}

type Row = Readonly<Record<string, unknown>>;

function stored(row: Row): StoredMail {
  return { mail: JSON.parse(String(row['mail'])) as Mail, raw: Buffer.from(row['raw'] as Uint8Array) };
}

function suppressedFrom(row: Row): Suppressed {
  return {
    address: String(row['address']),
    reason: row['reason'] === 'COMPLAINT' ? 'COMPLAINT' : 'BOUNCE',
    updatedAtEpochMilliseconds: Number(row['updatedAtEpochMilliseconds']),
  };
}
