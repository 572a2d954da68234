import type { BundleHeader } from './bundle.ts';
import { type Finding, leavesText } from './finding.ts';
import { type Hash, isSameHash } from './merkle.ts';
import type { Witness } from './witness-text.ts';

const SUSPECTS_NAMED_MAX = 20;

/** Of the root alone nobody can say which leaf it was: but only some can have been changed without breaking a chain. */
export function findingOfWrongRoot(
  { from, to }: BundleHeader,
  findings: readonly Finding[],
  /** The last records of the chains. */
  tips: readonly { readonly leaf: number; readonly eventId: string }[],
  witnesses: readonly Witness[],
  rootsAt: ReadonlyMap<number, Hash>,
): Finding {
  const compared = witnesses.flatMap(({ checkpoint: { size, root } }) => {
    const computed = rootsAt.get(size);
    return computed ? [{ size, isSame: isSameHash(computed, root) }] : [];
  });
  const begin = Math.max(from, ...compared.filter(({ isSame }) => isSame).map(({ size }) => size));
  const end = Math.min(to, ...compared.filter(({ isSame, size }) => !isSame && size > begin).map(({ size }) => size));
  const where = `The events of ${leavesText(begin, end)} are not all those that were signed.`;
  if (findings.some(({ kind }) => kind !== 'wrong-checkpoint' && kind !== 'wrong-signature')) {
    return { kind: 'wrong-root', text: `${where} What was changed is named with them.` };
  }
  const suspects = tips.filter(({ leaf }) => leaf >= begin && leaf < end);
  const named = suspects.slice(0, SUSPECTS_NAMED_MAX).map(({ leaf, eventId }) => `leaf ${leaf} (${eventId})`);
  const more = suspects.length > named.length ? ` and ${suspects.length - named.length} more` : '';
  const text = `${where} No chain is broken: so it is the last record of a writer that was changed, added or taken (${named.join(', ')}${more}), or records of different writers have changed places.`;
  return { kind: 'wrong-root', text, suspects };
}
