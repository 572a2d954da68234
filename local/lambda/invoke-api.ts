import { randomUUID } from 'node:crypto';
import { type Invoker, UnknownFunction } from './invocation.ts';

/** One answer of Lambda's API, ready to be written. */
export interface InvokeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const INVOKE_BODY_BYTES_MAX = 6 * 1024 * 1024;

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's `Invoke` (API reference), for RequestResponse, Event and DryRun. */
export async function answerInvoke(
  invoker: Invoker,
  request: { readonly method: string; readonly path: string; readonly type: string | undefined; readonly body: string },
): Promise<InvokeAnswer> {
  const name = invokePath.exec(request.path)?.[1];
  if (request.method !== 'POST' || !name)
    return problem(404, 'UnknownOperationException', 'The embedded Lambda knows Invoke alone');
  if (!isJson(request.body))
    return problem(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  const nameOrArn = decodeURIComponent(name);
  const event = request.body || '{}';
  try {
    if (request.type === 'DryRun') return invoker.find(nameOrArn) ? answer(204, '') : notFound(nameOrArn);
    if (request.type === 'Event') {
      invoker.invokeLater(nameOrArn, event);
      return answer(202, '');
    }
    const { functionError, payload } = await invoker.invoke(nameOrArn, event);
    return answer(200, payload, functionError ? { 'x-amz-function-error': functionError } : {});
  } catch (error) {
    if (error instanceof UnknownFunction) return notFound(nameOrArn);
    throw error;
  }
}

const notFound = (name: string) => problem(404, 'ResourceNotFoundException', `Function not found: ${name}`);

function answer(status: number, body: string, headers: Record<string, string> = {}): InvokeAnswer {
  const common = {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    'x-amz-executed-version': '$LATEST',
  };
  return { status, headers: { ...common, ...headers }, body };
}

function problem(status: number, code: string, Message: string): InvokeAnswer {
  return answer(status, JSON.stringify({ Type: 'User', Message }), { 'x-amzn-errortype': code });
}

function isJson(text: string): boolean {
  if (text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
