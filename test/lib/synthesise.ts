import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vernApp } from '../../lib/app.ts';
import type { Catalogue } from '../../lib/catalogue.ts';
import { type Stage, stageNamed } from '../../lib/stages.ts';
import { readSynthesised, type Synthesised } from './synthesised.ts';

/** One synth of the given declarations in this process, read back; its folder is gone afterwards. Loads the CDK. */
export function synthesise(catalogue: Catalogue, stage: Stage = stageNamed('dev')): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'vern-synth-'));
  try {
    vernApp({ outdir, catalogue, stage, checked: false }).synth();
    return readSynthesised(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
