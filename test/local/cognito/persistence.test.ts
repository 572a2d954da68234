import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { userPoolId } from '../../../local/cognito/declaration.ts';
import { REGION } from './declared.ts';
import { aFolder } from './folder.ts';
import { appCode, aSession, aUser, aWorld, browserUser, outcome, PASSWORD, sdkFor, signIn } from './world.ts';

describe('a second server on the same state', () => {
  it('knows users, keys, tokens, sign-outs, proven apps and spent codes', async () => {
    const before = await aWorld();
    const [kept, left, app] = [await aUser(before), await aUser(before), await aUser(before)];
    const keptSession = await aSession(before, kept);
    const leftSession = await aSession(before, left);
    await before.sdk.send(new GlobalSignOutCommand({ AccessToken: leftSession.accessToken }));
    const AccessToken = (await aSession(before, app)).accessToken;
    const { SecretCode = '' } = await before.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const spent = appCode(SecretCode);
    await before.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: spent }));
    await before.sdk.send(
      new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } }),
    );
    const challenged = browserUser(before, app);
    await signIn(challenged, app);
    await before.server.close();

    const after = await aWorld({ stateDir: before.stateDir });
    expect(after.server.jwks(after.poolId)).toEqual(before.server.jwks(before.poolId));
    const shown = await after.sdk.send(new GetUserCommand({ AccessToken: keptSession.accessToken }));
    expect(shown.UserAttributes).toContainEqual({ Name: 'email', Value: kept });
    const refresh = {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: keptSession.refreshToken },
    } as const;
    const renewed = await after.sdk.send(new InitiateAuthCommand({ ClientId: after.clientId, ...refresh }));
    expect(renewed.AuthenticationResult?.AccessToken).toBeDefined();
    await expect(after.sdk.send(new GetUserCommand({ AccessToken: leftSession.accessToken }))).rejects.toMatchObject({
      message: 'Access Token has been revoked',
    });
    const user = browserUser(after, app);
    expect((await signIn(user, app)).kind).toBe('SOFTWARE_TOKEN_MFA');
    const send = (code: string) => outcome((callbacks) => user.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA'));
    await expect(send(spent)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    expect((await send(appCode(SecretCode, 1))).kind).toBe('session');
    await after.server.close();
  });

  it('finds no password, code or refresh token written down', async () => {
    const world = await aWorld();
    const email = await aUser(world);
    const user = browserUser(world, email);
    await new Promise((resolve, reject) => {
      user.forgotPassword({ onSuccess: resolve, onFailure: reject });
    });
    const { refreshToken, accessToken } = await aSession(world, email);
    const journal = readFileSync(join(world.stateDir, `${world.poolId}.journal`), 'utf8');
    expect(journal).toContain(email);
    const secrets = [PASSWORD, `"${world.lastCode()}"`, refreshToken, refreshToken.split('.')[1] ?? '', accessToken];
    for (const secret of secrets) expect(journal).not.toContain(secret);
    await world.server.close();
  });
});

describe('a server killed in the middle of its work', () => {
  it('has every acknowledged user after the restart', async () => {
    const stateDir = aFolder();
    const first = await aProcess(stateDir);
    const sdk = sdkFor(first.url);
    const UserPoolId = userPoolId(REGION, 'Users');
    const acknowledged: string[] = [];
    const createUntilKilled = async (lane: string) => {
      for (let number = 0; ; number++) {
        const Username = `${lane}${number}@example.org`;
        await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
        acknowledged.push(Username);
        if (acknowledged.length === 30) first.process.kill('SIGKILL');
      }
    };
    const ended = once(first.process, 'exit');
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(createUntilKilled));
    expect(await ended).toEqual([null, 'SIGKILL']);

    const second = await aProcess(stateDir);
    const restarted = sdkFor(second.url);
    for (const Username of acknowledged) {
      const user = await restarted.send(new AdminGetUserCommand({ UserPoolId, Username }));
      expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: Username });
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);
    second.process.kill('SIGKILL');
    await once(second.process, 'exit');
  });
});

async function aProcess(stateDir: string) {
  const script = fileURLToPath(new URL('./crash-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, url: String(line).trim() };
}
