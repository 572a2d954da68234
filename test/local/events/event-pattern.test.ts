import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../local/events/event-pattern.ts';

const record = {
  eventName: 'INSERT',
  size: 5,
  gone: null,
  tags: ['a', 'b'],
  dynamodb: { Keys: { pk: { S: 'OUTBOX#org_1' } }, NewImage: { state: { S: 'DUE' } } },
};

describe('an event pattern', () => {
  it.each([
    [{ eventName: ['MODIFY', 'INSERT'] }, true],
    [{ eventName: ['REMOVE'] }, false],
    [{ eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'OUTBOX#' }] } } } }, true],
    [{ eventName: ['REMOVE'], dynamodb: { Keys: { pk: { S: [{ prefix: 'OUTBOX#' }] } } } }, false],
    [{ dynamodb: { Keys: { pk: { S: [{ prefix: 'KEY#' }] } } } }, false],
    [{ dynamodb: { Keys: { pk: { S: [{ suffix: '_1' }] } } } }, true],
    [{ dynamodb: { NewImage: { state: { S: [{ 'equals-ignore-case': 'due' }] } } } }, true],
    [{ dynamodb: { NewImage: { state: { S: [{ prefix: { 'equals-ignore-case': 'du' } }] } } } }, true],
    [{ dynamodb: { OldImage: [{ exists: false }] } }, true],
    [{ dynamodb: { OldImage: { state: [{ exists: true }] } } }, false],
    [{ eventName: [{ 'anything-but': 'REMOVE' }] }, true],
    [{ eventName: [{ 'anything-but': ['REMOVE', 'INSERT'] }] }, false],
    [{ eventName: [{ 'anything-but': { prefix: 'INS' } }] }, false],
    [{ missing: [{ 'anything-but': 'x' }] }, false],
    [{ size: [{ numeric: ['>', 0, '<=', 5] }] }, true],
    [{ size: [{ numeric: ['>', 5] }] }, false],
    [{ size: ['5'] }, false],
    [{ gone: [null] }, true],
    [{ tags: ['b'] }, true],
    [{ tags: [{ 'anything-but': 'a' }] }, false],
    [{ dynamodb: { Keys: { pk: { S: [{ wildcard: 'OUT*#org_*' }] } } } }, true],
    [{ dynamodb: { Keys: { pk: { S: [{ wildcard: 'OUT.OX*' }] } } } }, false],
    [{ $or: [{ eventName: ['REMOVE'] }, { size: [5] }] }, true],
    [{ $or: [{ eventName: ['REMOVE'] }, { size: [6] }] }, false],
    [{}, true],
  ])('%j: %s', (pattern, expected) => {
    expect(matchesPattern(pattern, record)).toBe(expected);
  });

  it('names an operator that it does not know', () => {
    expect(() => matchesPattern({ eventName: [{ cidr: '10.0.0.0/8' }] }, record)).toThrow('operator cidr');
  });
});
