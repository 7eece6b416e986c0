import type ts from "typescript";

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** `host` may touch the world but evaluates no string; `pure` may do neither. */
export type Purity = "pure" | "host";

export type Report = (node: ts.Node, what: string, why: string) => void;
