import { executors as list } from "#executors.gen";
import type { Executor } from "#kit/executor";

/** Type name -> executor. Notes have none: they never run. */
export const executors: ReadonlyMap<string, Executor> = new Map(list.map((executor): [string, Executor] => [executor.spec.type, executor]));
