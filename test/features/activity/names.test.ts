import { describe, expect, it } from 'vitest';
import { namesIn } from '../../../lambdas/features/activity/names.ts';
import { sentenceOf } from '../../../lambdas/features/activity/sentences.ts';
import { PersonId } from '../../../lambdas/http/ids.ts';
import { anId } from '../../support/store.ts';

describe('whoever did something to themselves', () => {
  const personId = PersonId.parse(anId('per'));
  const aurora = { kind: 'person', personId, name: 'Aurora Eide' } as const;
  const cast = { actorOf: () => ({ ...aurora, role: 'staff' as const }), subjectOf: () => aurora };
  const opened = { event: 'role.ended', actor: anId('acc'), controller: anId('org'), subject: personId };

  it.each([
    ['nb', /seg selv\.$/],
    ['en', /themselves\.$/],
  ] as const)('is named once in %s', (language, end) => {
    const sentence = sentenceOf(opened, language, namesIn(cast, 'kindergarten'));
    expect(sentence).toMatch(end);
    expect(sentence.match(/Aurora/g)).toHaveLength(1);
  });
});
