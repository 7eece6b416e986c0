import type { JsonObject } from "#wire";

/**
 * What each workflow takes and gives, by its name. Empty here: `millrace types` writes a file that adds the workflows of a project,
 * `declare module "@millrace/sdk" { interface Workflows { todayNews: { input: …; output: … } } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: projects add its members
export interface Workflows {}

/** A name that the project has types for, or any other name or id. */
export type WorkflowName = (keyof Workflows & string) | (string & {});

export type InputOf<Name extends string> = Name extends keyof Workflows ? MemberOf<Workflows[Name], "input"> : JsonObject;
export type OutputOf<Name extends string> = Name extends keyof Workflows ? MemberOf<Workflows[Name], "output"> : JsonObject;

type MemberOf<Types, Member extends string> = Types extends { readonly [name in Member]: infer Type } ? Type : JsonObject;
