import type { Change } from "#store/store";

/** Something that changed; of which tenant is found out by whoever reads it. */
export interface Notice {
  readonly kind: "run" | "request" | Change["kind"];
  /** Of a refused request, that of its tenant. */
  readonly id: string;
}
