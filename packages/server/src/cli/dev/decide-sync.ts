/** What a file, a draft and the live version say, as digests that are equal when they say the same. */
export interface Digests {
  readonly file: string;
  /** null: there is no such workflow yet. */
  readonly draft: string | null;
  /** null: nothing is live. */
  readonly live: string | null;
  /** What file and draft said when they last said the same; undefined: nobody knows. */
  readonly base: string | undefined;
}

/** publish: the file goes to the server. write: the draft goes into the file. conflict: both changed, and neither is overwritten. */
export type SyncStep = "none" | "publish" | "write" | "conflict";

export function decideSync({ file, draft, live, base }: Digests): SyncStep {
  if (draft === null) return "publish";
  // What was written into the file by this rule is published by whoever changed the draft, when they want.
  if (file === draft) return base === file && live !== null ? "none" : "publish";
  // A draft that is live was not edited: it came from a file, or is kept as a version.
  if (base === undefined) return draft === live ? "publish" : "conflict";
  if (base === draft) return "publish";
  return base === file ? "write" : "conflict";
}
