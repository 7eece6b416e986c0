import { isAbsolute, relative, sep } from "node:path";

/** `./.millrace` for what lies in the current directory, else the whole path. */
export function shownPath(cwd: string, path: string): string {
  const near = relative(cwd, path);
  if (near === "") return ".";
  return isAbsolute(near) || near === ".." || near.startsWith(`..${sep}`) ? path : `./${near}`;
}
