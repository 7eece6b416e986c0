import type { ChangeCounts, NodeChange, WorkflowDiff } from "#diff/diff-types";
import type { Language } from "#language";

/** In a few words: `2 nodes changed, 1 added`. */
export function diffSummary(diff: WorkflowDiff, language: Language = "en"): string {
  return summaryOfCounts(changeCounts(diff), language);
}

/** A diff in numbers, for whoever puts them into words later: see `summaryOfCounts`. */
export function changeCounts({ nodes, edges, settings, layout }: WorkflowDiff): ChangeCounts {
  const of = (change: NodeChange["change"]) => nodes.filter((node) => node.change === change).length;
  const counts: Required<ChangeCounts> = {
    changed: of("changed"),
    added: of("added"),
    removed: of("removed"),
    renamed: of("renamed"),
    moved: layout.moved,
    edgesAdded: edges.added.length,
    edgesRemoved: edges.removed.length,
    settings: settings.length,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Edges are named where no node came or went, and moves where there is nothing else: otherwise they go without saying. */
export function summaryOfCounts(counts: ChangeCounts, language: Language): string {
  const words = WORDS[language];
  const { changed, added, removed, renamed, moved, edgesAdded, edgesRemoved, settings } = counts;
  const nodes = counted(words, "node", { changed, added, removed, renamed });
  const isImplied = added !== undefined || removed !== undefined;
  const edges = isImplied ? [] : counted(words, "edge", { added: edgesAdded, removed: edgesRemoved });
  const parts = [...nodes, ...edges, ...counted(words, "setting", { changed: settings })];
  return (parts.length > 0 ? parts : counted(words, "node", { moved })).join(words.comma) || words.nothing;
}

type Noun = "node" | "edge" | "setting";
type Verb = "changed" | "added" | "removed" | "renamed" | "moved";

interface Words {
  readonly comma: string;
  readonly nothing: string;
  /** The first count of a noun names it; those after it do not. */
  readonly count: (verb: Verb, count: number, noun: Noun | null) => string;
}

function counted(words: Words, noun: Noun, counts: { readonly [V in Verb]?: number | undefined }): string[] {
  const some = (Object.entries(counts) as [Verb, number | undefined][]).filter(([, count]) => count !== undefined);
  return some.map(([verb, count = 0], index) => words.count(verb, count, index > 0 ? null : noun));
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
