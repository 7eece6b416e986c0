import { spawnSync } from "node:child_process";

/** One import of one file of this repository by another; paths from the root, with slashes. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

interface CruiseResult {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string; readonly dependencyTypes: readonly string[] }[];
  }[];
}

/** The JSON of a tree of 1,000 files is about 2 MB. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** All imports between files of packages/, as dependency-cruiser resolves them; tests are left out by its configuration. */
export function readImports(): Import[] {
  const cruiser = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
  const options = ["packages", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, ...options], { encoding: "utf8", maxBuffer: OUTPUT_BYTES });
  // Its exit code counts broken rules, which are another check's business; no output is a failure of its own.
  if (stdout === "") throw new Error(`dependency-cruiser printed nothing: ${stderr}`);
  const result: CruiseResult = JSON.parse(stdout);
  return result.modules.flatMap((module) =>
    module.dependencies
      .filter(({ resolved }) => resolved.startsWith("packages/"))
      .map(({ resolved, dependencyTypes }) => ({ from: module.source, to: resolved, typeOnly: dependencyTypes.includes("type-only") })),
  );
}
