/**
 * What a User-Agent says of the device, as far as it is counted or registered: never the whole of it, which can be one
 * person's alone. Browsers have frozen the rest (User-Agent reduction, Chrome 101 and Safari 11 on).
 */
export interface Device {
  /** Where the User-Agent names it: Apple always, others only their own apps. */
  readonly maker: string;
  readonly system: string;
  readonly browser: string;
  /** The major version, or `-`. */
  readonly version: string;
}

/** In this order: what claims to be another as well stands before that. */
const browsers: readonly (readonly [name: string, said: RegExp])[] = [
  ['Vern', /\bVern\/(\d{1,4})/],
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d{1,4})/],
  ['Opera', /\b(?:OPR|Opera)\/(\d{1,4})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,4})/],
  ['Vivaldi', /\bVivaldi\/(\d{1,4})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\/(\d{1,4})/],
  ['Safari', /\bVersion\/(\d{1,4})[\d.]* (?:Mobile\/\S+ )?Safari\//],
];

const systems: readonly (readonly [name: string, said: RegExp])[] = [
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac(?:intosh| OS X)\b/],
  ['Linux', /\bLinux\b/],
];

const makers: readonly (readonly [name: string, said: RegExp])[] = [
  ['Apple', /\b(?:iPhone|iPad|iPod|Macintosh)\b/],
  ['Samsung', /\b(?:Samsung|SM-[A-Z]\d|SamsungBrowser)/i],
  ['Google', /\bPixel\b/],
  ['Huawei', /\bHuawei\b/i],
  ['Xiaomi', /\b(?:Xiaomi|Redmi)\b/i],
  ['OnePlus', /\bOnePlus\b/i],
  ['Motorola', /\bmoto\b/i],
  ['Nokia', /\bNokia\b/i],
  ['Sony', /\b(?:Sony|Xperia)\b/i],
];

/** More of a header than any browser sends is not looked at. */
const LOOKED_AT_MAX = 512;
const OTHER = 'other';

export function deviceOf(userAgent: string): Device {
  const said = userAgent.slice(0, LOOKED_AT_MAX);
  const [browser, version] = browserIn(said);
  return { maker: nameIn(makers, said), system: nameIn(systems, said), browser, version };
}

function browserIn(said: string): readonly [name: string, version: string] {
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(said)?.[1];
    if (version !== undefined) return [name, version];
  }
  return [OTHER, '-'];
}

const nameIn = (names: readonly (readonly [string, RegExp])[], said: string): string =>
  names.find(([, pattern]) => pattern.test(said))?.[0] ?? OTHER;
