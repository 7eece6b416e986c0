import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packageRoot } from "#cli/package";
import { FLOWS_FOLDER } from "#cli/workflow-files";

/** A project to begin with: a workflow, and what belongs to it. */
export interface Template {
  readonly name: string;
  /** The workflow that it is about, named as the template: `todayNews` of `today-news`. It may come with others. */
  readonly workflow: string;
  readonly summary: string;
  readonly folder: string;
  /** Below the folder. */
  readonly files: readonly string[];
}

const FOLDER = "examples";

/** Those that ship, by name. */
export async function listTemplates(): Promise<readonly Template[]> {
  const { parse } = await import("yaml");
  const all = join(packageRoot(), FOLDER);
  const names = readdirSync(all, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }): Template => {
      const folder = join(all, name);
      const files = filesOf(folder);
      const workflow = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const { description } = parse(readFileSync(join(folder, FLOWS_FOLDER, `${workflow}.yaml`), "utf8")) as { description: string };
      return { name, workflow, summary: description, folder, files };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/")).sort();
}
