import { type Problem, problems } from './problem.ts';

/** RFC 9457: the members that every problem of ours has, before its extensions. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
}

export function problemDocument(
  { slug, message, extensions }: Problem,
  context: { publicUrl: string; instance: string },
): ProblemDocument {
  const { title, status } = problems[slug];
  // The extensions come first: none may stand in for a standard member.
  return {
    ...extensions,
    type: `${context.publicUrl}/problems/${slug}`,
    title,
    status,
    detail: message,
    instance: context.instance,
  };
}
