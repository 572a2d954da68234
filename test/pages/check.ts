import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { RichContent } from '../../lambdas/http/content.ts';
import { type Parameters, startBrowser, type Tab } from './browser.ts';

/** What is looked at: a page with the policy that it is sent with, or a letter. */
export interface Exhibit {
  readonly name: string;
  readonly content: RichContent;
  readonly kind: 'page' | 'letter';
}

/** The width of a common phone, and the least at which nothing may have to be scrolled sideways (WCAG 2.2, 1.4.10). */
const PHONE = { width: 390, height: 844 };
const REFLOW_WIDTH = 320;
const schemes = ['light', 'dark'] as const;
/** A letter is shown inside a mail program's own page, whose landmarks are not the letter's. */
const RULES_OF_PAGES = ['region', 'landmark-one-main', 'page-has-heading-one'];
const TABS_MAX = 400;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Shows each exhibit in a browser at phone width, in light and in dark: axe-core finds nothing, nothing is loaded or
 * refused by the policy, nothing has to be scrolled sideways, and every control is reached by the Tab key with its focus
 * to be seen. Gives what was wrong, in words; saves pictures where a folder is given.
 */
export async function checkExhibits(
  exhibits: readonly Exhibit[],
  { folder, log = () => {} }: { readonly folder?: string | undefined; log?(line: string): void } = {},
): Promise<readonly string[]> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const gallery = await startGallery(exhibits);
  const browser = await startBrowser();
  const heard: string[] = [];
  try {
    const tab = await browser.tab((method, parameters) => heard.push(...complaintsIn(method, parameters, gallery.url)));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await tab.send(`${domain}.enable`);
    const faults: string[] = [];
    for (const [index, { name, kind }] of exhibits.entries()) {
      for (const scheme of schemes) {
        heard.length = 0;
        await show(tab, `${gallery.url}/${index}`, scheme);
        if (folder !== undefined) await photograph(tab, join(folder, `${name}.${scheme}.png`));
        const found = [...(await lookAt(tab, kind)), ...heard];
        faults.push(...found.map((fault) => `${name} (${scheme}): ${fault}`));
      }
      log(name);
    }
    return faults;
  } finally {
    await browser.close();
    gallery.close();
  }
}

/** Serves them on this machine alone, each with its own policy, as the service sends it. */
async function startGallery(exhibits: readonly Exhibit[]) {
  const server = createServer((request, response) => {
    const exhibit = exhibits[Number(request.url?.slice(1))];
    if (!exhibit) return void response.writeHead(404).end();
    const { contentType, content, contentSecurityPolicy } = exhibit.content;
    response.writeHead(200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      ...(contentSecurityPolicy && { 'content-security-policy': contentSecurityPolicy }),
    });
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function show(tab: Tab, url: string, scheme: (typeof schemes)[number]): Promise<void> {
  await setWidth(tab, PHONE.width);
  await tab.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const loaded = tab.next('Page.loadEventFired');
  await tab.send('Page.navigate', { url });
  await loaded;
}

const setWidth = (tab: Tab, width: number) =>
  tab.send('Emulation.setDeviceMetricsOverride', { ...PHONE, width, deviceScaleFactor: 2, mobile: true });

async function lookAt(tab: Tab, kind: Exhibit['kind']): Promise<readonly string[]> {
  await tab.evaluate(`${axeSource};undefined`);
  const rules = kind === 'letter' ? Object.fromEntries(RULES_OF_PAGES.map((rule) => [rule, { enabled: false }])) : {};
  const { violations, passes } = await tab.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ rules })})`);
  return [
    ...violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(passes.some(({ id }) => id === 'color-contrast') ? [] : ['axe saw no text to weigh against its ground']),
    ...(await sideways(tab)),
    ...(await byKeyboard(tab)),
  ];
}

async function sideways(tab: Tab): Promise<readonly string[]> {
  await setWidth(tab, REFLOW_WIDTH);
  const width = await tab.evaluate<number>('document.documentElement.scrollWidth');
  await setWidth(tab, PHONE.width);
  return width > REFLOW_WIDTH ? [`is ${width} pixels wide on a screen of ${REFLOW_WIDTH}`] : [];
}

/** Walks by the Tab key, and asks of each stop whether its focus is to be seen. */
async function byKeyboard(tab: Tab): Promise<readonly string[]> {
  const controls = await tab.evaluate<number>(`(() => {
    const all = [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')];
    window.vernControls = all.filter((one) => one.checkVisibility() && one.tabIndex >= 0);
    // Of radio buttons of one name the Tab key reaches one; the arrow keys the others.
    const isRadio = (one) => one.type === 'radio';
    const names = new Set(window.vernControls.filter(isRadio).map(({ name }) => name));
    return window.vernControls.filter((one) => !isRadio(one)).length + names.size;
  })()`);
  const reached = new Set<number>();
  const unseen: string[] = [];
  for (let presses = 0; presses < Math.min(controls + 1, TABS_MAX); presses++) {
    for (const type of ['rawKeyDown', 'keyUp']) {
      await tab.send('Input.dispatchKeyEvent', { type, key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
    }
    const stop = await tab.evaluate<{ index: number; isSeen: boolean; html: string }>(`(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const isSeen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
      return { index: window.vernControls.indexOf(one), isSeen, html: one.outerHTML.slice(0, 120) };
    })()`);
    if (stop.index < 0) continue;
    reached.add(stop.index);
    if (!stop.isSeen) unseen.push(`the focus is not seen on ${stop.html}`);
  }
  const missed = controls - reached.size;
  return [
    ...unseen,
    ...(missed > 0 && controls < TABS_MAX ? [`${missed} of ${controls} controls are not reached by Tab`] : []),
  ];
}

async function photograph(tab: Tab, path: string): Promise<void> {
  const height = Math.min(await tab.evaluate<number>('document.documentElement.scrollHeight'), 6000);
  const { data } = await tab.send<{ data: string }>('Page.captureScreenshot', {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: PHONE.width, height, scale: 1 },
  });
  writeFileSync(path, Buffer.from(data, 'base64'));
}

/** What a browser says of a page that asks for more than itself, or for what its policy forbids. */
function complaintsIn(method: string, parameters: Parameters, galleryUrl: string): readonly string[] {
  if (method === 'Network.requestWillBeSent') {
    const { request } = parameters as { request: { url: string } };
    // The browser asks for a picture of the site by itself.
    const isOwn = /^\/\d+$|^\/favicon\.ico$/.test(request.url.replace(galleryUrl, ''));
    return isOwn || request.url.startsWith('data:') ? [] : [`loads ${request.url}`];
  }
  if (method === 'Log.entryAdded') {
    const { entry } = parameters as { entry: { level: string; text: string; url?: string } };
    return entry.level === 'error' && !entry.url?.endsWith('/favicon.ico') ? [entry.text] : [];
  }
  return method === 'Runtime.exceptionThrown' ? ['an exception was thrown'] : [];
}
