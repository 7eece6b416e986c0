import type { FlowCode } from "#flow/codes";
import { MAX_PARSED_CODE_CHARS, MAX_TEMPLATE_REFERENCES } from "#flow/limits";
import type { FlowModel } from "#flow/model/build";
import type { FlowNode } from "#flow/model/graph";
import { identifierFrom } from "#flow/names";
import type { ImportOptions } from "#flow/options";
import type { FlowProblems } from "#flow/problems";

/** What every step of one file's translation shares. */
export class Translation {
  readonly model: FlowModel;
  readonly problems: FlowProblems;
  readonly options: ImportOptions;
  /** Names that the file declares in `millrace.env`. */
  readonly declaredEnv: ReadonlySet<string>;
  /** Names that expressions read and that have a value here. */
  readonly usedEnv = new Set<string>();
  readonly #byId = new Map<string, FlowNode>();
  readonly #unknown = new Map<string, string>();
  #references = 0;
  #parsed = 0;

  constructor(model: FlowModel, problems: FlowProblems, options: ImportOptions, declaredEnv: ReadonlySet<string>) {
    this.model = model;
    this.problems = problems;
    this.options = options;
    this.declaredEnv = declaredEnv;
    for (const node of model.graphs.flatMap((graph) => graph.nodes)) if (!this.#byId.has(node.id)) this.#byId.set(node.id, node);
  }

  report(node: FlowNode, code: FlowCode, path: string, message: string): void {
    this.problems.add(code, path, message, node.id);
  }

  /** The first node of that id anywhere, for what no graph around the reader has. */
  anywhere(id: string): FlowNode | undefined {
    return this.#byId.get(id);
  }

  /** A root for references that lead nowhere: no node has this name, so publishing refuses them. */
  unknownRoot(id: string): string {
    const known = this.#unknown.get(id);
    if (known !== undefined) return known;
    const name = this.model.names.take(identifierFrom(id, "unknown"));
    this.#unknown.set(id, name);
    return name;
  }

  /** Has the file used up what its templates may stand for? Then nothing more is looked up. */
  get spent(): boolean {
    return this.#references > MAX_TEMPLATE_REFERENCES;
  }

  /** Counts what templates look up and stand for; false, and a fault once, when the file has too many. */
  spend(references: number): boolean {
    const before = this.#references;
    this.#references += references;
    if (this.#references <= MAX_TEMPLATE_REFERENCES) return true;
    if (before <= MAX_TEMPLATE_REFERENCES) {
      this.problems.add("MR_DEPTH", "$.workflow", `The templates name more than ${MAX_TEMPLATE_REFERENCES} values in all.`);
    }
    return false;
  }

  /** May so many more characters of code be parsed? */
  mayParse(characters: number): boolean {
    this.#parsed += characters;
    return this.#parsed <= MAX_PARSED_CODE_CHARS;
  }

  /** Notes that `env.<name>` is read; false where neither the file nor the server has it. */
  readEnv(name: string): boolean {
    const values = this.options.env;
    if (values !== undefined && Object.hasOwn(values, name)) this.usedEnv.add(name);
    return this.usedEnv.has(name) || this.declaredEnv.has(name);
  }
}
