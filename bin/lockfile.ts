import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lockfile {
  readonly packages: Record<string, LockedPackage>;
}

/**
 * Native packages name one optional package per platform. Where a registry does not carry some of them, `npm install`
 * leaves those out of the lockfile, and `npm ci` then refuses the whole of it. This writes them in, with the version
 * that is demanded and the platform that the name tells: they are fetched on that platform alone.
 */
export function withAllPlatforms(lockfile: Lockfile): Lockfile {
  const added: Record<string, object> = {};
  for (const { optionalDependencies = {}, dev } of Object.values(lockfile.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const place = `node_modules/${name}`;
      const platform = platformIn(name);
      if (place in lockfile.packages || !platform) continue;
      added[place] = { version, ...platform, ...(dev && { dev }), optional: true };
    }
  }
  const packages = Object.entries({ ...lockfile.packages, ...added }).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...lockfile, packages: Object.fromEntries(packages) as Lockfile['packages'] };
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'x64', 'ia32', 'riscv64', 's390x', 'ppc64', 'arm'];

function platformIn(name: string): { cpu: string[]; os: string[]; libc?: string[] } | undefined {
  const os = systems.find((system) => name.includes(system));
  const cpu = processors.find((processor) => name.includes(`-${processor}`));
  if (!os || !cpu) return undefined;
  const libc = /musl/.test(name) ? ['musl'] : /gnu/.test(name) && os === 'linux' ? ['glibc'] : undefined;
  return { cpu: [cpu], os: [os], ...(libc && { libc }) };
}

if (import.meta.main) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  writeFileSync(path, `${JSON.stringify(withAllPlatforms(lockfile), undefined, 2)}\n`);
}
