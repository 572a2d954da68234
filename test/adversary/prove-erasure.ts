import { playItService } from './history-itservice.ts';
import { playSafety } from './history-safety.ts';
import { playWorkplace } from './history-workplace.ts';
import { type Proof, proveFamilies } from './prove-families.ts';
import { proveProfile } from './prove-profile.ts';

/** What is played, each on a service of its own. */
const proofs: Readonly<Record<string, (say: (line: string) => void) => Promise<Proof>>> = {
  kindergarten: proveFamilies,
  safety: (say) => proveProfile(playSafety, say),
  workplace: (say) => proveProfile(playWorkplace, say),
  itservice: (say) => proveProfile(playItService, say),
};

/** Plays the histories, or the one named, and attacks each. Throws for a name that is none. */
export async function proveErasure(say: (line: string) => void, only?: string): Promise<Proof> {
  const played = Object.entries(proofs).filter(([profile]) => only === undefined || profile === only);
  if (played.length === 0) throw new Error(`--only knows: ${Object.keys(proofs).join(', ')}`);
  const failures: string[] = [];
  const lines: string[] = [];
  for (const [profile, prove] of played) {
    const proof = await prove((line) => say(`${profile}: ${line}`));
    failures.push(...proof.failures.map((failure) => `${profile}: ${failure}`));
    lines.push(...proof.lines.map((line) => `${profile}: ${line}`));
  }
  return { failures, lines };
}
