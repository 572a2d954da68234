import type { RichContent } from './content.ts';
import { Problem, type ProblemSlug } from './problem.ts';

/** A failure that a person may meet in a browser: a page for them, the problem document for programs (`Accept`). */
export class PageProblem extends Problem {
  readonly page: RichContent;
  /** `retryAfterSeconds`: when it is worth trying again (429 and 503). `extensions`: more members of the problem document. */
  constructor(
    slug: ProblemSlug,
    page: RichContent,
    options: ErrorOptions & { retryAfterSeconds?: number; extensions?: Readonly<Record<string, unknown>> } = {},
  ) {
    const { retryAfterSeconds, extensions, ...rest } = options;
    super(slug, undefined, { ...extensions, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }, rest);
    this.page = page;
  }
}
