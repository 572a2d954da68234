import { brotliDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { Settings } from './guarantee.ts';

const EXPECTED_BYTES_MAX = 256 * 1024;
const References = z.record(z.string(), z.string());

/**
 * What the deployed template says, from the two variables that the deployment sets: the settings (compressed: a function's
 * environment holds 4 KB), and what their `${…}` stand for, which only the deployment knows. Throws for anything else.
 */
export function expectedSettings(compressed: string, references: string): Settings {
  const text = brotliDecompressSync(Buffer.from(compressed, 'base64'), { maxOutputLength: EXPECTED_BYTES_MAX });
  const known = References.parse(JSON.parse(references));
  const settings = JSON.parse(text.toString('utf8'), (_, value) =>
    typeof value === 'string' ? value.replace(/\$\{([^}]+)\}/g, (_all, name) => referenced(known, name)) : value,
  );
  return Settings.parse(settings);
}

function referenced(known: Readonly<Record<string, string>>, name: string): string {
  const value = known[name];
  if (value === undefined) throw new Error(`Nobody said what ${name} is`);
  return value;
}
