import * as z from 'zod';
import { S3Error } from './errors.ts';

/** The bytes that the policy lets a file have. */
export interface SizeRange {
  bytesMin: number;
  bytesMax: number;
}

const Bound = z.coerce.number().int().min(0);
const Condition = z.union([
  z.tuple([z.literal('content-length-range'), Bound, Bound]),
  z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
  z.record(z.string(), z.string()).refine((match) => Object.keys(match).length === 1),
]);
const Policy = z.object({ expiration: z.iso.datetime(), conditions: z.array(Condition).max(100) });

// What the policy need not name (S3 API Reference, "Creating a POST policy").
const exemptFields = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Decides whether a form keeps its policy: expiry against the clock, every condition held, every field named by one.
 * `fields` has names in lower case and the bucket among them. Throws InvalidPolicyDocument or AccessDenied; the size
 * is for the caller to enforce while the file is read.
 */
export function checkPostPolicy(base64: string, fields: ReadonlyMap<string, string>, now: number): SizeRange {
  const policy = parsePolicy(base64);
  if (now >= Date.parse(policy.expiration)) throw refused('Policy expired.');
  const named = new Set<string>();
  const range: SizeRange = { bytesMin: 0, bytesMax: Number.POSITIVE_INFINITY };
  for (const condition of policy.conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      range.bytesMin = Math.max(range.bytesMin, condition[1]);
      range.bytesMax = Math.min(range.bytesMax, condition[2]);
      continue;
    }
    const { operator, name, value } = matchCondition(condition);
    named.add(name);
    if (!holds(operator, name, value, fields.get(name))) {
      throw refused(`Policy Condition failed: ["${operator}", "$${name}", "${value}"]`);
    }
  }
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !exemptFields.has(name) && !name.startsWith('x-ignore-') && name !== 'bucket',
  );
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`);
  return range;
}

function parsePolicy(base64: string): z.output<typeof Policy> {
  try {
    return Policy.parse(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')));
  } catch {
    throw new S3Error('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON or conditions.');
  }
}

type MatchCondition = Exclude<z.output<typeof Condition>, ['content-length-range', number, number]>;

function matchCondition(condition: MatchCondition): { operator: 'eq' | 'starts-with'; name: string; value: string } {
  if (Array.isArray(condition)) {
    return { operator: condition[0], name: condition[1].slice(1).toLowerCase(), value: condition[2] };
  }
  const [name = '', value = ''] = Object.entries(condition)[0] ?? [];
  return { operator: 'eq', name: name.toLowerCase(), value };
}

function holds(operator: 'eq' | 'starts-with', name: string, value: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  if (operator === 'eq') return given === value;
  // A list of content types must keep the prefix in each of its parts.
  const parts = name === 'content-type' ? given.split(',') : [given];
  return parts.every((part) => part.trim().startsWith(value));
}

function refused(reason: string): S3Error {
  return new S3Error('AccessDenied', `Invalid according to Policy: ${reason}`);
}
