import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Step } from '../exchange.ts';

/** HEAD is GET without the body (RFC 9110, section 9.3.2). */
export const isHead = (event: APIGatewayProxyEventV2): boolean => event.requestContext.http.method === 'HEAD';

/**
 * Leaves the body out of what HEAD is answered with, problems included. Our own headers are those of GET; the length of
 * what is not sent is the gateway's to say, and it may leave that out.
 */
export function headersOnly(): Step {
  const cut: Step['after'] = ({ event, response }) => {
    if (!response || !isHead(event)) return;
    delete response.body;
    delete response.isBase64Encoded;
  };
  return { after: cut, onError: cut };
}
