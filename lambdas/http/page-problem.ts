import type { RichContent } from './content.ts';
import { Problem, type ProblemSlug } from './problem.ts';

/** A failure that a person may meet in a browser: a page for them, the problem document for programs (`Accept`). */
export class PageProblem extends Problem {
  readonly page: RichContent;
  constructor(slug: ProblemSlug, page: RichContent, options?: ErrorOptions) {
    super(slug, undefined, {}, options);
    this.page = page;
  }
}
