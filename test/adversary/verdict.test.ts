import { describe, expect, it } from 'vitest';
import type { RetentionClass } from '../../lambdas/platform/entity.ts';
import type { PlacedCanary } from './coinage.ts';
import type { Opened } from './cryptanalysis.ts';
import type { Investigation, Sighting } from './investigation.ts';
import { keptWhereItMust, lookedInto, verdictOn } from './verdict.ts';

const onTheList: PlacedCanary = { name: 'the name', value: 'Kvæfjord', sinks: ['core table'], keptIn: ['site-list'] };
const nowhere: PlacedCanary = { name: 'the note', value: 'Går helst', sinks: ['core table'] };
const canaries = [onTheList, nowhere];

function sighting(canary: PlacedCanary, over: Partial<Sighting> = {}): Sighting {
  return { canary, sink: 'core table', place: 'org_1#sit_1 / SITE-ENTRY#1', how: 'opened: utf-8', ...over };
}
function opened(partition: string, retentionClass: RetentionClass): Opened {
  const place = `${partition} / THING`;
  const sealed = { bytes: Buffer.alloc(0), sink: 'core table', place, image: '', boundTo: [], contexts: [] } as const;
  return {
    sealed: { ...sealed, partition, retentionClass },
    plaintext: Buffer.alloc(0),
    by: 'keys table, org_1#per_1 / CLASS#person',
  };
}
function found(sightings: readonly Sighting[], came: readonly Opened[] = []): Investigation {
  return { sightings, attack: { opened: came, keysUnwrapped: 0, kmsKeys: [], ciphertexts: 0, attempts: 0 } };
}
const inSiteList = { retentionClass: 'site-list' } as const;

describe('the verdict on somebody who is erased', () => {
  it('lets stand what the law has the organisation keep, and names it', () => {
    const verdict = verdictOn(found([sighting(onTheList, inSiteList)]), canaries, ['per_1'], { kept: ['site-list'] });
    expect(verdict).toMatchObject({ failures: [], stands: ['the name (site-list)'] });
  });

  it.each<[string, Sighting]>([
    ['when its term is over', sighting(onTheList, { retentionClass: 'time-sheet' })],
    ['in sight, where it must be sealed', sighting(onTheList, { how: 'in sight: utf-8' })],
    ['under a key of another class', sighting(onTheList, { retentionClass: 'person' })],
    ['of what the law does not ask for', sighting(nowhere, inSiteList)],
  ])('fails for what is found %s', (_, seen) => {
    const { failures, stands } = verdictOn(found([seen]), canaries, ['per_1'], { kept: ['site-list'] });
    expect(failures).toHaveLength(1);
    expect(stands).toEqual([]);
  });

  it('fails for whatever opens of theirs but what is kept, found or not', () => {
    const came = [opened('org_1#per_1', 'person'), opened('org_1#per_1', 'consent'), opened('org_1#per_2', 'person')];
    const { failures, keptByLaw } = verdictOn(found([], came), canaries, ['per_1']);
    expect(failures).toEqual([
      'opened: core table, org_1#per_1 / THING, by a key in the keys table, org_1#per_1 / CLASS#person',
    ]);
    expect(keptByLaw).toEqual(new Map([['THING', 1]]));
  });

  it('tells of what is out of the service’s hands apart', () => {
    const verdict = verdictOn(found([sighting(nowhere, { sink: 'delivered to phones' })]), canaries, ['per_1']);
    expect(verdict).toMatchObject({ failures: [], outside: ['the note in delivered to phones'] });
  });
});

describe('the controls', () => {
  it('fail for what the law keeps and is gone before its term is over', () => {
    const { stands } = verdictOn(found([]), canaries, []);
    expect(keptWhereItMust({ stands }, canaries, ['site-list'])).toEqual({
      failures: ['gone too early: the name (site-list)'],
      passed: 0,
    });
    expect(keptWhereItMust({ stands }, canaries, [])).toEqual({ failures: [], passed: 0 });
  });

  it('fail for a store in which nothing was seen at all', () => {
    const seen = [{ sink: 'queues', place: 'alarms/1', bytes: Buffer.alloc(1) }] as const;
    expect(lookedInto(seen, ['queues', 'one-off schedules'])).toEqual({
      failures: ['blind: nothing was in the one-off schedules'],
      passed: 1,
    });
  });
});
