import { type CollectionTag, Scalar, type ScalarTag, type Tags, type YAMLMap, type YAMLSeq } from "yaml";

const PREFIX = "tag:yaml.org,2002:";

/** Width of a folded block; no other text is broken into lines that it does not have. */
const FOLD_WIDTH = 80;

/** Blanks inside the brackets of `{ a: 1 }` and `[1, 2]`. */
const PADDING = { map: " ", seq: "" } as const;

/** Tags that write a text of one line on one line, however long (a changed word is one changed line), and short collections as people do. */
export function fileStyle(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string") return tag;
    if (tag.tag === `${PREFIX}str`) return unfolded(tag as ScalarTag);
    return tag.tag === `${PREFIX}map` || tag.tag === `${PREFIX}seq` ? padded(tag as CollectionTag) : tag;
  });
}

function unfolded(tag: ScalarTag): ScalarTag {
  const stringify: ScalarTag["stringify"] = (item, context, onComment, onChompKeep) => {
    const lineWidth = item.type === Scalar.BLOCK_FOLDED ? FOLD_WIDTH : 0;
    return tag.stringify?.(item, { ...context, options: { ...context.options, lineWidth } }, onComment, onChompKeep) ?? "";
  };
  return { ...tag, stringify };
}

function padded(tag: CollectionTag): CollectionTag {
  const flowCollectionPadding = PADDING[tag.collection];
  const stringify: ScalarTag["stringify"] = (node, context, onComment, onChompKeep) =>
    (node as unknown as YAMLMap | YAMLSeq).toString({ ...context, flowCollectionPadding }, onComment, onChompKeep);
  return { ...tag, stringify } as CollectionTag;
}
