import type { KeyObject } from 'node:crypto';
import type { BundleHeader } from './bundle.ts';
import { faultOf, parseHead } from './checkpoint.ts';
import { type Finding, leavesText } from './finding.ts';

/** Is it signed, does it say what was signed, and is the file as long as that? */
export function findingsOfHeader(header: BundleHeader, key: KeyObject, isPart: boolean): Finding[] {
  const { stage, controller, to, size, signed } = header;
  const findings: Finding[] = [];
  const fault = faultOf(signed, key);
  if (fault === 'no-head' || fault === 'forged-head') {
    findings.push({ kind: 'wrong-signature', text: 'The head of this log was not signed with this key.' });
  }
  if (fault === 'not-in-head') {
    findings.push({ kind: 'wrong-checkpoint', text: 'The size and root in this file are not those that were signed.' });
  }
  const { checkpoint } = signed;
  const isOfHead = fault === 'no-head' || parseHead(signed.head.text).stage === stage;
  if (!isOfHead || checkpoint.controller !== controller || checkpoint.size !== size) {
    const text = `The file says ${controller}, ${size} events, ${stage}; what was signed says ${checkpoint.controller}, ${checkpoint.size}.`;
    findings.push({ kind: 'wrong-checkpoint', text });
  }
  if (to < size && !isPart) {
    const text = `${leavesText(to, size)} of the log are not in the file. If only a part was asked for, say so with --part.`;
    findings.push({ kind: 'tail-cut', leaf: to, text });
  }
  return findings;
}
