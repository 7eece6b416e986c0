import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  skipLibCheck: true,
  types: [],
};

/** Type errors of a file of a project, whose `millrace.d.ts` is read with it. */
export function typeErrors(folder: string, source: string): string {
  writeFileSync(join(folder, "call.ts"), source);
  const args = [
    "node_modules/typescript7/bin/tsc",
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--skipLibCheck",
    "--types",
    "",
  ];
  return spawnSync(process.execPath, [...args, join(folder, "call.ts"), join(folder, "millrace.d.ts")], { encoding: "utf8" }).stdout;
}

/** What an editor offers at the `|` of the source. */
export function completions(folder: string, source: string): readonly string[] {
  const file = join(folder, "call.ts");
  const text = source.replace("|", "");
  const files = [file, join(folder, "millrace.d.ts")];
  const service = ts.createLanguageService({
    getScriptFileNames: () => files,
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => snapshot(path === file ? text : read(path)),
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => OPTIONS,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: ts.sys.fileExists,
    readFile: (path) => ts.sys.readFile(path),
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  });
  const found = service.getCompletionsAtPosition(file, source.indexOf("|"), {});
  return (found?.entries ?? []).map(({ name }) => name);
}

function snapshot(text: string | undefined): ts.IScriptSnapshot | undefined {
  return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
}

function read(path: string): string | undefined {
  return ts.sys.fileExists(path) ? readFileSync(path, "utf8") : undefined;
}
