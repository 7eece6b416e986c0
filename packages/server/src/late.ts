import { createRequire } from "node:module";

/** Packages that most processes never need; the build step makes each a file beside the bundle. Together they are a sixth of the server's code. */
export const LATE_PACKAGES = ["re2js", "sucrase"] as const;

/** A package that is read when it is first asked for, at once: where code cannot wait, `import()` is no help. */
export function late<T>(name: (typeof LATE_PACKAGES)[number]): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load(name) as T;
    return loaded;
  };
}

function load(name: string): unknown {
  const isBundle = !import.meta.url.endsWith(".ts");
  return createRequire(import.meta.url)(isBundle ? `./${name}.cjs` : name);
}
