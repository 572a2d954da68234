import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../system/cloud.ts';
import type { PlacedCanary } from './coinage.ts';
import { evidenceBook, sinks } from './evidence.ts';
import { aFamily } from './family.ts';
import { importFamilies, liveIn, openKindergarten } from './history.ts';
import { type Investigation, investigator } from './investigation.ts';
import { finderOf } from './needles.ts';
import {
  askForErasure,
  askForRectification,
  consentAndTell,
  declarePurpose,
  fetchCopy,
  writeToOfficer,
} from './rights.ts';
import { type Stores, storesOf } from './stores.ts';
import { foundWherePut, openedAgain, verdictOn } from './verdict.ts';

/** What came of it: nothing failed, or what did; and what to tell. */
export interface Proof {
  readonly failures: readonly string[];
  readonly lines: readonly string[];
}

/** Keys can be brought back for a day; the stream of the keys and its record add an hour (design, section 4). */
export const RECOVERY_WINDOW = 'PT26H';
export const RECOVERY_WINDOW_MILLISECONDS = 25 * 60 * 60 * 1000;
/** Where the answer goes is known until 30 days after it (design, section 5). */
export const REPLY_ADDRESS_KEPT = 'P32D';

/** Plays a history, erases one of two families, attacks. `say` tells how far it has come. */
export async function proveFamilies(say: (line: string) => void): Promise<Proof> {
  const service = await startService(mkdtempSync(join(tmpdir(), 'vern-adversary-')));
  try {
    const stores = storesOf(service.endpoints, service.stateDir);
    const book = evidenceBook();
    const photograph = () => stores.photograph(book);
    const kindergarten = await openKindergarten(service);
    const [leaving, staying] = [aFamily('Berg'), aFamily('Dal')];
    say('The register of two families is taken in.');
    await importFamilies(kindergarten, [leaving, staying], photograph);
    await photograph();
    const purposeId = await declarePurpose(kindergarten);
    const inside = [];
    for (const family of [leaving, staying]) {
      const one = await liveIn(service, kindergarten, family, photograph);
      await fetchCopy(kindergarten, one, photograph);
      await askForRectification(kindergarten, one);
      await consentAndTell(kindergarten, one, purposeId);
      await writeToOfficer(one);
      await photograph();
      inside.push(one);
    }
    say('Both have lived there; the backup is made.');
    await stores.makeBackup();
    await photograph();

    const beforeTheErasure = book.all();

    const [gone] = inside;
    const subjects = [gone!.childId, gone!.guardianId, (await gone!.guardian.api.getMe()).body.id];
    const asked = await askForErasure(kindergarten, gone!);
    await photograph();
    await stores.untilFenced(subjects);
    await photograph();
    await stores.untilErasuresAreDone();
    // What the certificate was waiting for is a day; what AWS may still have of Keys is an hour more.
    await stores.advance('PT2H');
    await photograph();
    say('One of them is erased, the recovery window of the keys is over, and the certificates are issued.');
    const withCertificates = book.obtainable(await windowBegan());

    await stores.advance(REPLY_ADDRESS_KEPT);
    await stores.untilFenced(asked);
    await photograph();
    await stores.advance(RECOVERY_WINDOW);
    await photograph();
    say('The addresses for the answers are destroyed as well.');

    const investigated = investigator([...leaving.all, ...staying.all], stores.unwrap);
    const before = await investigated(beforeTheErasure);
    say(`Before the erasure: ${inNumbers(before)}.`);
    const certified = await investigated(withCertificates);
    say(`With the certificates: ${inNumbers(certified)}.`);
    const after = await investigated(book.obtainable(await windowBegan()));
    say(`In the end: ${inNumbers(after)}.`);
    const withOldKeys = await investigated(book.all());
    say(`In the end, with the old keys: ${inNumbers(withOldKeys)}.`);
    const verdict = verdictOn(after, leaving.all, subjects);
    const verdicts = [verdictOn(certified, leaving.all, subjects, { replyAddress: true, kept: ['consent'] }), verdict];
    const controls = [
      foundWherePut(before, leaving.all),
      foundWherePut(before, staying.all),
      openedAgain(certified, staying.all),
      openedAgain(withOldKeys, leaving.all),
    ];

    const onDisk = onDisks(stores, leaving.all);
    const failures = [...controls.flatMap((control) => control.failures), ...verdicts.flatMap((each) => each.failures)];
    const passed = controls.reduce((sum, control) => sum + control.passed, 0);
    const kept = [...verdict.keptByLaw].map(([kind, count]) => `${kind} ${count}`);
    return {
      failures,
      lines: [
        `Kept by law, opened and looked through: ${kept.join(', ') || 'nothing'}.`,
        `Outside: ${verdict.outside.join(', ') || 'nothing'}.`,
        `On the disks of the engines that play AWS here, free pages included: ${onDisk.join(', ') || 'nothing'}.`,
        `${leaving.all.length} canaries × ${sinks.length} sinks, ${after.attack.ciphertexts} ciphertexts tried ` +
          `${after.attack.attempts} times, ${after.attack.opened.length} opened, ${after.attack.keysUnwrapped} keys ` +
          `unwrapped, ${passed} positive controls passed, ${failures.length} failures.`,
      ],
    };

    async function windowBegan(): Promise<number> {
      return (await stores.nowMilliseconds()) - RECOVERY_WINDOW_MILLISECONDS;
    }
  } finally {
    await service.stop();
  }
}

export const inNumbers = ({ attack, sightings }: Investigation) =>
  `${attack.ciphertexts} ciphertexts, ${attack.keysUnwrapped} keys, ${attack.opened.length} opened, ${sightings.length} sightings`;

export function onDisks(stores: Stores, canaries: readonly PlacedCanary[]): string[] {
  const finder = finderOf(canaries);
  return stores.disks().flatMap(({ place, bytes }) => {
    const found = new Set(finder.find(bytes).map(({ canary }) => canary.name));
    return found.size > 0 ? [`${found.size} in ${place}`] : [];
  });
}
