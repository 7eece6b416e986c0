import { readFileSync } from "node:fs";

export interface Migration {
  readonly version: number;
  readonly file: string;
}

/** Every step ever released, in order; a released step never changes. Whoever bundles copies the folder beside the bundle. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, file: "0001-initial.sql" }];

export function migrationSql({ file }: Migration): string {
  return readFileSync(new URL(`./migrations/${file}`, import.meta.url), "utf8");
}
