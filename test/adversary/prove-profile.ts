import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RetentionClass } from '../../lambdas/platform/entity.ts';
import { startService } from '../system/cloud.ts';
import type { PlacedCanary } from './coinage.ts';
import { evidenceBook, type Sink, sinks } from './evidence.ts';
import type { Stage } from './history.ts';
import { investigator } from './investigation.ts';
import { startProgramsOutside } from './programs-outside.ts';
import {
  inNumbers,
  onDisks,
  type Proof,
  RECOVERY_WINDOW,
  RECOVERY_WINDOW_MILLISECONDS,
  REPLY_ADDRESS_KEPT,
} from './prove-families.ts';
import { storesOf } from './stores.ts';
import {
  type Control,
  foundWherePut,
  keptWhereItMust,
  lookedInto,
  type Meanwhile,
  openedAgain,
  stillOpen,
  type Verdict,
  verdictOn,
} from './verdict.ts';

const WAITS_MAX = 30;
const WAIT_MILLISECONDS = 2_000;

/** What has happened in an organisation of a profile, to two of its people. */
interface Played {
  readonly leaving: Lived;
  readonly staying: Lived;
  /** The one goes, as the profile prescribes. Resolves with what else must be fenced once the answer has been mailed. */
  erase(): Promise<readonly string[]>;
  /** What the law has the organisation keep, by the ends of its terms. */
  readonly terms: readonly Kept[];
  /** Where the history leaves something that names nobody: that the adversary looks there must be seen by something else. */
  readonly fills: readonly Sink[];
  /** Classes in which companies stand that the organisation deals with: they are there as long as it is. */
  readonly stays?: readonly RetentionClass[];
}
export interface Lived {
  readonly canaries: readonly PlacedCanary[];
  /** Whose keys an erasure fences. */
  readonly subjects: readonly string[];
}
interface Kept {
  readonly retentionClasses: readonly RetentionClass[];
  /** From the end of the term before, as an ISO 8601 duration: then it is over. */
  readonly over: string;
  /** The records that the organisation keeps, each a subject of its own. */
  readonly subjects: readonly string[];
}

export type Play = (stage: Stage, photograph: () => Promise<void>) => Promise<Played>;

/**
 * Plays an organisation of a profile, erases one of two, attacks; then lets each of the law's terms come to its end, and
 * attacks again. `say` tells how far it has come.
 */
export async function proveProfile(play: Play, say: (line: string) => void): Promise<Proof> {
  const programs = await startProgramsOutside();
  const folder = mkdtempSync(join(tmpdir(), 'vern-adversary-'));
  const service = await startService(folder, ['--outside', programs.url]);
  try {
    const stores = storesOf(service.endpoints, service.stateDir);
    const book = evidenceBook();
    const photograph = async () => {
      await stores.photograph(book);
      const now = await stores.nowMilliseconds();
      for (const exhibit of programs.heard()) book.add(exhibit, now);
    };
    const { leaving, staying, erase, terms, fills, stays = [] } = await play(service, photograph);
    // Programs are told a minute or two after a change: on a quick machine the life was shorter.
    for (let wait = 0; programs.heard().length === 0 && wait < WAITS_MAX; wait++) {
      await stores.advance('PT1M');
      await pause(WAIT_MILLISECONDS);
    }
    say('Both have lived there; the backup is made.');
    await stores.makeBackup();
    await photograph();
    const beforeTheErasure = book.all();

    const asked = await erase();
    await photograph();
    await stores.untilFenced(leaving.subjects);
    // What was last said of the keys before their fence stands in a stream for a day: from now on, not from later.
    await photograph();
    await stores.untilErasuresAreDone();
    await stores.advance('PT2H');
    await photograph();
    say('One of them is erased, the recovery window of the keys is over, and the certificates are issued.');
    let kept: readonly RetentionClass[] = [
      'consent',
      ...stays,
      ...terms.flatMap(({ retentionClasses }) => retentionClasses),
    ];
    const stages = [await stage('with the certificates', { replyAddress: true, kept })];

    await stores.advance(REPLY_ADDRESS_KEPT);
    if (asked.length > 0) await stores.untilFenced(asked);
    await stores.advance(RECOVERY_WINDOW);
    await photograph();
    say('What was needed for the answers is destroyed as well.');
    stages.push(await stage('a month later', { kept }));

    for (const { over, retentionClasses, subjects } of terms) {
      await stores.advance(over);
      await stores.untilKeptNoLonger(subjects);
      await stores.advance(RECOVERY_WINDOW);
      await photograph();
      kept = kept.filter((each) => !retentionClasses.includes(each));
      say(`The term of ${retentionClasses.join(', ')} is over.`);
      stages.push(await stage(`when the term of ${retentionClasses.join(', ')} is over`, { kept }));
    }

    // Nothing more is asked of the service from here on but keys of its KMS: thinking keeps everybody waiting.
    const investigated = investigator([...leaving.canaries, ...staying.canaries], stores.unwrap);
    const before = await investigated(beforeTheErasure);
    say(`Before the erasure: ${inNumbers(before)}.`);
    const failures: string[] = [];
    let passed = 0;
    const held = (controls: readonly Control[]) => {
      for (const control of controls) {
        passed += control.passed;
        for (const failure of control.failures) say(failure);
        failures.push(...control.failures);
      }
    };
    held([
      foundWherePut(before, leaving.canaries),
      foundWherePut(before, staying.canaries),
      lookedInto(beforeTheErasure, [...fills, 'programs outside']),
    ]);
    const verdicts: (Verdict & { readonly when: string })[] = [];
    let last = before;
    for (const [at, { when, exhibits, meanwhile }] of stages.entries()) {
      last = await investigated(exhibits);
      say(`${when}: ${inNumbers(last)}.`);
      const over = terms.slice(0, Math.max(0, at - 1)).flatMap(({ subjects }) => subjects);
      const stillKept = terms.slice(Math.max(0, at - 1)).flatMap(({ subjects }) => subjects);
      const verdict = verdictOn(last, leaving.canaries, [...leaving.subjects, ...over], meanwhile);
      verdicts.push({ ...verdict, when });
      held([
        { failures: verdict.failures.map((failure) => `${when}: ${failure}`), passed: 0 },
        keptWhereItMust(verdict, leaving.canaries, meanwhile.kept),
        stillOpen(last, stillKept),
        ...(at === 0 ? [openedAgain(last, staying.canaries)] : []),
      ]);
    }
    const withOldKeys = await investigated(book.all());
    say(`In the end, with the old keys: ${inNumbers(withOldKeys)}.`);
    held([openedAgain(withOldKeys, leaving.canaries)]);

    const proofs = [...verdicts[0]!.keptByLaw].map(([kind, count]) => `${kind} ${count}`);
    const onEngines = onDisks(stores, leaving.canaries);
    return {
      failures: [...new Set(failures)],
      lines: [
        `Kept as proof, opened and looked through: ${proofs.join(', ') || 'nothing'}.`,
        ...verdicts.map(({ when, stands }) => `Kept by law ${when}: ${stands.join(', ') || 'nothing of them'}.`),
        `Outside: ${verdicts.at(-1)!.outside.join(', ') || 'nothing'}.`,
        `On the disks of the engines that play AWS here, free pages included: ${onEngines.join(', ') || 'nothing'}.`,
        `${leaving.canaries.length} canaries × ${sinks.length} sinks, ${last.attack.ciphertexts} ciphertexts tried ` +
          `${last.attack.attempts} times, ${last.attack.opened.length} opened, ${last.attack.keysUnwrapped} keys ` +
          `unwrapped, ${passed} positive controls passed, ${failures.length} failures.`,
      ],
    };

    /** What somebody can have by now, and what may stand in it. */
    async function stage(when: string, meanwhile: Meanwhile) {
      const windowBegan = (await stores.nowMilliseconds()) - RECOVERY_WINDOW_MILLISECONDS;
      return { when, exhibits: book.obtainable(windowBegan), meanwhile };
    }
  } finally {
    await service.stop();
    await programs.close();
  }
}
