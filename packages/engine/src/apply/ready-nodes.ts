/** A node that may start. */
export interface ReadyNode {
  readonly path: string;
  readonly order: number;
}

type Chunk = readonly ReadyNode[];

/** Nodes in a chunk at most: a change copies one of them and the list of chunks, however many wait. */
const MOST = 64;

/** The nodes that may start, in plan order, and among equals in the order in which they became ready. A value: a change gives another one. */
export class ReadyNodes {
  static readonly NONE = new ReadyNodes([]);

  /** `nodes`: in their order. */
  static #of(nodes: readonly ReadyNode[]): ReadyNodes {
    const chunks: Chunk[] = [];
    for (let from = 0; from < nodes.length; from += MOST) chunks.push(nodes.slice(from, from + MOST));
    return new ReadyNodes(chunks);
  }

  /** None is empty. */
  readonly chunks: readonly Chunk[];

  private constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks;
  }

  get isEmpty(): boolean {
    return this.chunks.length === 0;
  }

  /** In their order. */
  all(): Iterable<ReadyNode> {
    return this.chunks.length === 1 ? (this.chunks[0] ?? []) : flat(this.chunks);
  }

  with(added: readonly ReadyNode[]): ReadyNodes {
    if (added.length === 0) return this;
    if (this.isEmpty) return added.length === 1 ? new ReadyNodes([added]) : ReadyNodes.#of(added.toSorted((a, b) => a.order - b.order));
    return added.reduce<ReadyNodes>((all, one) => all.#withOne(one), this);
  }

  #withOne(added: ReadyNode): ReadyNodes {
    // Behind all that are not after it.
    const later = this.chunks.findIndex((chunk) => orderOf(chunk.at(-1)) > added.order);
    const place = later < 0 ? this.chunks.length - 1 : later;
    const chunk = this.chunks[place];
    if (!chunk) return new ReadyNodes([[added]]);
    const at = chunk.findIndex((one) => one.order > added.order);
    const longer = chunk.toSpliced(at < 0 ? chunk.length : at, 0, added);
    if (longer.length <= MOST) return new ReadyNodes(this.chunks.with(place, longer));
    const half = longer.length >> 1;
    return new ReadyNodes(this.chunks.toSpliced(place, 1, longer.slice(0, half), longer.slice(half)));
  }

  /** Without the node at that path, whose place in the plan is `order`. */
  without(path: string, order: number): ReadyNodes {
    for (const [place, chunk] of this.chunks.entries()) {
      if (orderOf(chunk.at(-1)) < order) continue;
      if (orderOf(chunk[0]) > order) break;
      const at = chunk.findIndex((one) => one.order === order && one.path === path);
      if (at < 0) continue;
      if (chunk.length > 1) return new ReadyNodes(this.chunks.with(place, chunk.toSpliced(at, 1)));
      return this.chunks.length === 1 ? ReadyNodes.NONE : new ReadyNodes(this.chunks.toSpliced(place, 1));
    }
    return this;
  }

  /** Without all whose path is named. */
  withoutAll(isNamed: (path: string) => boolean): ReadyNodes {
    if (!this.chunks.some((chunk) => chunk.some(({ path }) => isNamed(path)))) return this;
    const left = this.chunks.map((chunk) => chunk.filter(({ path }) => !isNamed(path)));
    return new ReadyNodes(left.filter((chunk) => chunk.length > 0));
  }
}

function* flat(chunks: readonly Chunk[]): Generator<ReadyNode> {
  for (const chunk of chunks) yield* chunk;
}

function orderOf(one: ReadyNode | undefined): number {
  return one?.order ?? Number.NEGATIVE_INFINITY;
}
