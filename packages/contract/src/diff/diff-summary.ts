import type { NodeChange, WorkflowDiff } from "#diff/diff-types";
import type { Language } from "#language";

/** In a few words, as a note of a version: `2 nodes changed, 1 added`. */
export function diffSummary(diff: WorkflowDiff, language: Language = "en"): string {
  const words = WORDS[language];
  const changes = ["changed", "added", "removed", "renamed"] as const;
  const nodes = counted(
    words,
    "node",
    changes.map((change) => [change, countOf(diff, change)]),
  );
  const settings = counted(words, "setting", [["changed", diff.settings.length]]);
  const { added, removed } = diff.edges;
  const isImplied = diff.nodes.some(({ change }) => change === "added" || change === "removed");
  const edges = isImplied
    ? []
    : counted(words, "edge", [
        ["added", added.length],
        ["removed", removed.length],
      ]);
  const parts = [...nodes, ...edges, ...settings];
  return (parts.length > 0 ? parts : counted(words, "node", [["moved", diff.layout.moved]])).join(words.comma) || words.nothing;
}

type Noun = "node" | "edge" | "setting";
type Verb = "changed" | "added" | "removed" | "renamed" | "moved";

interface Words {
  readonly comma: string;
  readonly nothing: string;
  /** The first count of a noun names it; those after it do not. */
  readonly count: (verb: Verb, count: number, noun: Noun | null) => string;
}

function counted(words: Words, noun: Noun, counts: readonly (readonly [verb: Verb, count: number])[]): string[] {
  const some = counts.filter(([, count]) => count > 0);
  return some.map(([verb, count], index) => words.count(verb, count, index > 0 ? null : noun));
}

function countOf({ nodes }: WorkflowDiff, change: NodeChange["change"]): number {
  return nodes.filter((node) => node.change === change).length;
}

/** Verb and noun of a language whose counts have no plural, put together as `form` does it. */
function wordsOf(
  { comma, nothing, form }: Pick<Words, "comma" | "nothing"> & { form: (verb: string, count: number, noun: string) => string },
  verbs: { readonly [V in Verb]: string },
  nouns: { readonly [N in Noun]: string },
): Words {
  return { comma, nothing, count: (verb, count, noun) => form(verbs[verb], count, noun === null ? "" : nouns[noun]) };
}

const WORDS: { readonly [L in Language]: Words } = {
  en: {
    comma: ", ",
    nothing: "no changes",
    count: (verb, count, noun) => (noun === null ? `${count} ${verb}` : `${count} ${noun}${count === 1 ? "" : "s"} ${verb}`),
  },
  "zh-CN": wordsOf(
    { comma: "，", nothing: "没有更改", form: (verb, count, noun) => `${verb} ${count} 个${noun}` },
    { changed: "更改", added: "新增", removed: "删除", renamed: "重命名", moved: "移动" },
    { node: "节点", edge: "连线", setting: "设置" },
  ),
  "zh-TW": wordsOf(
    { comma: "，", nothing: "沒有變更", form: (verb, count, noun) => `${verb} ${count} 個${noun}` },
    { changed: "變更", added: "新增", removed: "刪除", renamed: "重新命名", moved: "移動" },
    { node: "節點", edge: "連線", setting: "設定" },
  ),
  ja: wordsOf(
    { comma: "、", nothing: "変更なし", form: (verb, count, noun) => `${noun && `${noun} `}${count} 件を${verb}` },
    { changed: "変更", added: "追加", removed: "削除", renamed: "改名", moved: "移動" },
    { node: "ノード", edge: "接続", setting: "設定" },
  ),
};
