import type { RichContent } from './content.ts';
import { Problem, type ProblemSlug } from './problem.ts';

/** A failure that a person may meet in a browser: a page for them, the problem document for programs (`Accept`). */
export class PageProblem extends Problem {
  readonly page: RichContent;
  /** `retryAfterSeconds`: when it is worth trying again (429 and 503). */
  constructor(slug: ProblemSlug, page: RichContent, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    const { retryAfterSeconds, ...rest } = options;
    super(slug, undefined, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, rest);
    this.page = page;
  }
}
