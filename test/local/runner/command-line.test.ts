import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../local/command-line.ts';

describe('the command line', () => {
  it('has a default for everything', () => {
    expect(readCommandLine([], {})).toEqual({
      isFresh: false,
      isVerbose: false,
      port: 3000,
      stateDir: resolve('.vern'),
      dynamoDbEndpoint: undefined,
      outsideWorld: undefined,
    });
  });

  it('goes before the environment', () => {
    const environment = { PORT: '4000', VERN_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' };
    expect(readCommandLine([], environment)).toMatchObject({ port: 4000, dynamoDbEndpoint: 'http://127.0.0.1:8000' });
    const args = ['--fresh', '--verbose', '--port', '0', '--state', '/tmp/x', '--dynamodb', 'http://127.0.0.1:9000'];
    const outside = ['--outside', 'http://127.0.0.1:9100'];
    expect(readCommandLine([...args, ...outside], environment)).toEqual({
      isFresh: true,
      isVerbose: true,
      port: 0,
      stateDir: '/tmp/x',
      dynamoDbEndpoint: 'http://127.0.0.1:9000',
      outsideWorld: 'http://127.0.0.1:9100',
    });
  });

  it.each([
    [['--port', 'x']],
    [['--port', '65536']],
    [['--dynamodb', 'nowhere']],
    [['--unknown']],
    [['extra']],
    [['--outside', 'https://example.org']],
  ])('refuses %j', (args) => {
    expect(() => readCommandLine(args, {})).toThrow();
  });
});
