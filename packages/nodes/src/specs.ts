import { type JsonObject, toJsonObject, workflowSchema } from "@millrace/contract";
import type { NodeSpec, NodeSpecs } from "@millrace/engine";
import { specs } from "#specs.gen";

/** Type name -> what the plan must know of the type. Loads no executor: an editor needs no more than this. */
export const nodeSpecs: NodeSpecs = new Map(specs.map((spec): [string, NodeSpec] => [spec.type, spec]));

/** JSON Schema of a whole workflow document with the node types of this build, for editors. */
export const workflowJsonSchema: JsonObject = workflowSchema(
  Object.fromEntries(specs.map((spec) => [spec.type, toJsonObject(spec.config)])),
);
