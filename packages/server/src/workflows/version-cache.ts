import type { WorkflowStore } from "#store/store";
import { type CompileOptions, compileVersion, type RunnableVersion } from "#workflows/compile-version";

/** Compiled versions kept in memory; a plan is a few hundred KB at most. */
const MAX_VERSIONS = 256;

/** Compiles each version once; versions are immutable, so nothing here ever grows stale. */
export class VersionCache {
  readonly #workflows: WorkflowStore;
  readonly #options: CompileOptions;
  readonly #versions = new Map<string, RunnableVersion>();

  constructor(workflows: WorkflowStore, options: CompileOptions) {
    this.#workflows = workflows;
    this.#options = options;
  }

  /** The version if it is in memory: the hot path waits for nothing. */
  peek(tenantId: string, workflowId: string, version: string): RunnableVersion | undefined {
    return this.#versions.get(`${tenantId}/${workflowId}/${version}`);
  }

  /** null: no such version, or one that this build cannot run. */
  async load(tenantId: string, workflowId: string, version: string): Promise<RunnableVersion | null> {
    const known = this.peek(tenantId, workflowId, version);
    if (known) return known;
    const row = await this.#workflows.version(tenantId, workflowId, version);
    const compiled = row && compileVersion(row.document, this.#options).version;
    if (!compiled) return null;
    const oldest = this.#versions.keys().next();
    if (this.#versions.size >= MAX_VERSIONS && !oldest.done) this.#versions.delete(oldest.value);
    this.#versions.set(`${tenantId}/${workflowId}/${version}`, compiled);
    return compiled;
  }
}
