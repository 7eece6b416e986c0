/** What this guard reads of package-lock.json, version 3: a record of places ("" is the root) to packages. */
export interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

/** Nothing runs at install time (.npmrc: ignore-scripts). A package that has a script anyway is listed here with the reason why it works without. */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  esbuild: "its script only swaps the launcher for the platform's binary; the launcher finds the binary by itself",
};

/** One sentence a problem; empty when the lock file is in order. */
export function lockProblems(lock: Lock, allowedScripts: Readonly<Record<string, string>> = INSTALL_SCRIPTS): string[] {
  if (lock.lockfileVersion !== 3) return [`lockfileVersion is ${lock.lockfileVersion}; this guard reads version 3`];
  const places = Object.entries(lock.packages);
  return [
    ...places.flatMap(([place, entry]) => missingOptional(lock, place, entry)),
    ...places.flatMap(([place, entry]) => foreignSource(place, entry)),
    ...places.flatMap(([place, entry]) => looseVersions(place, entry)),
    ...scriptProblems(places, allowedScripts),
  ];
}

// npm leaves platform packages out of a lock file that was written on another platform; `npm ci` then fails there, or runs without the binary.
function missingOptional(lock: Lock, place: string, entry: LockedPackage): string[] {
  return Object.entries(entry.optionalDependencies ?? {}).flatMap(([name, wanted]) => {
    const found = resolve(lock, place, name);
    const owner = place === "" ? "the root" : place;
    if (found === undefined) return [`${name}@${wanted}, an optional dependency of ${owner}, is missing from the lock file`];
    if (isExact(wanted) && found.version !== wanted) return [`${name} is locked at ${found.version}, but ${owner} needs ${wanted}`];
    return [];
  });
}

/** Node's own search: the package's node_modules, then each parent's. */
function resolve(lock: Lock, place: string, name: string): LockedPackage | undefined {
  for (let base = place; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/")))) {
    const found = lock.packages[base === "" ? `node_modules/${name}` : `${base}/node_modules/${name}`];
    if (found !== undefined || base === "") return found;
  }
}

function foreignSource(place: string, entry: LockedPackage): string[] {
  if (!place.includes("node_modules/") || entry.link === true || entry.inBundle === true) return [];
  const problems: string[] = [];
  if (entry.resolved !== undefined && !entry.resolved.startsWith(PUBLIC_REGISTRY)) {
    problems.push(`${place} comes from ${entry.resolved}; only ${PUBLIC_REGISTRY} is allowed`);
  }
  if (entry.integrity === undefined) problems.push(`${place} has no integrity hash`);
  return problems;
}

// A range lets npm pick an older version whose `engines` match the Node that happens to run npm.
function looseVersions(place: string, entry: LockedPackage): string[] {
  if (place.includes("node_modules/")) return [];
  const wanted = { ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies };
  return Object.entries(wanted)
    .filter(([, version]) => !isExact(version.replace(/^npm:.+@/, "")))
    .map(
      ([name, version]) => `${place === "" ? "package.json" : `${place}/package.json`} asks for ${name}@${version}; pin the exact version`,
    );
}

function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version);
}

function scriptProblems(places: readonly (readonly [string, LockedPackage])[], allowed: Readonly<Record<string, string>>): string[] {
  const scripted = places.filter(([, entry]) => entry.hasInstallScript === true).map(([place]) => place.replace(/^.*node_modules\//, ""));
  const unexpected = scripted.filter((name) => !Object.hasOwn(allowed, name));
  const stale = Object.keys(allowed).filter((name) => !scripted.includes(name));
  return [
    ...unexpected.map(
      (name) => `${name} has an install script; replace it, or list it in INSTALL_SCRIPTS with the reason why it works without`,
    ),
    ...stale.map((name) => `INSTALL_SCRIPTS lists ${name}, which has no install script; remove the line`),
  ];
}
