import { chooseByAccept } from '../accept.ts';
import type { ApiResult, Step } from '../exchange.ts';
import { signatureWanted } from '../message-signature.ts';
import { PageProblem } from '../page-problem.ts';
import { Problem, problems } from '../problem.ts';
import { problemDocument } from '../problem-document.ts';

/** Every failure becomes a problem document (RFC 9457); what was not expected is told to the log and not to the caller. */
export const problemDetails = (options: { publicUrl: string }): Step => ({
  onError: (request) => {
    const { error, context, event } = request;
    const { exchange } = context;
    const instance = `urn:vern:request:${exchange.requestId}`;
    if (!(error instanceof Problem)) {
      exchange.bug = error instanceof Error ? error : new Error('Something that is no error was thrown');
      request.response = problemResponse(500, {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        instance,
      });
      return;
    }
    exchange.problem = error.slug;
    const page = error instanceof PageProblem && pageFor(error, event.headers['accept']);
    if (page) {
      request.response = page;
      return;
    }
    request.response = problemResponse(
      problems[error.slug].status,
      problemDocument(error, { publicUrl: options.publicUrl, instance }),
      {
        ...retryAfter(error),
        ...challenge(error, event.headers['authorization'] !== undefined),
      },
    );
  },
});

/** The page where the caller would rather have one; a program that asks for nothing gets the document. */
function pageFor(problem: PageProblem, accept: string | undefined): ApiResult | undefined {
  const { slug, page } = problem;
  const chosen = chooseByAccept(accept, [{ contentType: PROBLEM_DOCUMENT }, { contentType: page.contentType }]);
  if (chosen.contentType !== page.contentType || typeof page.content !== 'string') return undefined;
  const { contentType, contentSecurityPolicy, content } = page;
  return {
    statusCode: problems[slug].status,
    headers: {
      'content-type': contentType,
      ...(contentSecurityPolicy && { 'content-security-policy': contentSecurityPolicy }),
      ...retryAfter(problem),
      ...challenge(problem, false),
    },
    body: content,
  };
}

const PROBLEM_DOCUMENT = 'application/problem+json';
const problemResponse = (statusCode: number, document: object, headers: ApiResult['headers'] = {}): ApiResult => ({
  statusCode,
  headers: { 'content-type': PROBLEM_DOCUMENT, ...headers },
  body: JSON.stringify(document),
});

function retryAfter({ extensions: { retryAfterSeconds } }: Problem): Record<string, string> {
  return typeof retryAfterSeconds === 'number'
    ? { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }
    : {};
}

/** RFC 6750, section 3; for a stale proof RFC 9470 tells the client to sign in again. */
function challenge({ slug }: Problem, hadToken: boolean): Record<string, string> {
  if (problems[slug].status !== 401) return {};
  if (slug === 'signature-required') return signatureWanted;
  if (slug === 'fresh-proof-required') {
    return { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age="300"' };
  }
  if (slug === 'client-refused') return { 'www-authenticate': 'Basic realm="Vern"' };
  return { 'www-authenticate': hadToken ? 'Bearer error="invalid_token"' : 'Bearer' };
}
