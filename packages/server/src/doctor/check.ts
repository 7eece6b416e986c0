import type { Settings } from "#config/settings";

/** What a check found: nothing, or what is wrong and how to mend it. Throws where it could not find out. */
export type Finding = { readonly problem: string; readonly fix: string } | null;

export interface CheckPorts {
  readonly settings: Settings;
  /** The data directory as people know it. */
  readonly shownDataDir: string;
  /** What the server that serves this data directory now says of itself: null, or why it is not ready. null: none does. */
  readonly askServer: (() => Promise<string | null>) | null;
  isFree(host: string, port: number): Promise<boolean>;
  readonly now: number;
}

export type Check = (ports: CheckPorts) => Promise<Finding> | Finding;
