import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { canonicalText, type JsonObject } from "@millrace/contract";
import { packageRoot } from "#package";

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

/** A document of a knowledge base, which is named as the file is. */
export interface TemplateKnowledge {
  readonly base: string;
  /** Name of the document. */
  readonly name: string;
  readonly content: Buffer;
}

const FOLDER = "examples";

const WORKFLOW_FILE = /^flows\/[^/.]+\.yaml$/;
const KNOWLEDGE_FILE = /^knowledge\/[^/]+$/;

/** They ship with the process, and are read once. */
let known: Promise<readonly Template[]> | null = null;
let untouched: Promise<ReadonlySet<string>> | null = null;

/** Those that ship, by name. */
export function listTemplates(): Promise<readonly Template[]> {
  known ??= readTemplates();
  return known;
}

/** Is the document what a template says, under a name that may have a number? Layout is no difference. */
export async function isUntouched(document: JsonObject): Promise<boolean> {
  untouched ??= listTemplates()
    .then((templates) => Promise.all(templates.map(workflowsOf)))
    .then((documents) => new Set(documents.flat().map(canonicalText)));
  const name = String(document["name"]).replace(/ \d+$/, "");
  return (await untouched).has(canonicalText({ ...document, name }));
}

async function readTemplates(): Promise<readonly Template[]> {
  const { parse } = await import("#yaml");
  const all = join(packageRoot(), FOLDER);
  const names = readdirSync(all, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }): Template => {
      const folder = join(all, name);
      const files = filesOf(folder);
      const workflow = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const { description } = parse(readFileSync(join(folder, "flows", `${workflow}.yaml`), "utf8")) as { description: string };
      return { name, workflow, summary: description, folder, files };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/")).sort();
}

/** Its workflows: the one that it is about last, after those that it calls. */
export async function workflowsOf({ folder, files, workflow }: Template): Promise<readonly JsonObject[]> {
  const { parse } = await import("#yaml");
  const documents = files.filter((file) => WORKFLOW_FILE.test(file)).map((file) => parse(readFileSync(join(folder, file), "utf8")));
  return (documents as JsonObject[]).sort((a, b) => Number(a["name"] === workflow) - Number(b["name"] === workflow));
}

export function knowledgeOf({ folder, files }: Template): readonly TemplateKnowledge[] {
  const found = files.filter((file) => KNOWLEDGE_FILE.test(file));
  return found.map((file) => ({
    base: basename(file, extname(file)),
    name: basename(file),
    content: readFileSync(join(folder, file)),
  }));
}
