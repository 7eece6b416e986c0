import { dirname, join, normalize } from "node:path";

/** Path from the root -> text, of every page that is checked. */
export type Pages = ReadonlyMap<string, string>;

const CODE_BLOCK = /^( *)(```|~~~)[\s\S]*?^\1\2.*$/gm;

/**
 * One sentence a relative link that leads nowhere: to no file, or to no heading of a page.
 * `exists` answers for files and folders that are no pages.
 */
export function brokenLinks(pages: Pages, exists: (path: string) => boolean): string[] {
  return [...pages].flatMap(([page, text]) =>
    linksOf(text).flatMap((link) => {
      const problem = problemOf(pages, page, link, exists);
      return problem === undefined ? [] : [`${page}: ${link} ${problem}`];
    }),
  );
}

/** The pages beside an index that it does not link. */
export function unlisted(pages: Pages, index: string): string[] {
  const folder = dirname(index);
  const listed = new Set(linksOf(pages.get(index) ?? "").map((link) => targetOf(index, link)));
  const beside = [...pages.keys()].filter((page) => dirname(page) === folder && page !== index);
  return beside.filter((page) => !listed.has(page)).map((page) => `${index}: does not link ${page}`);
}

/** Targets of links and images, outside code. */
function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  const inline = [...prose.matchAll(/\]\(\s*<?([^)>\s]+)>?[^)]*\)/g)];
  const references = [...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...references].map(([, target = ""]) => target).filter((target) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target));
}

function withoutCode(text: string): string {
  return text.replace(CODE_BLOCK, "").replace(/`[^`\n]*`/g, "");
}

function problemOf(pages: Pages, page: string, link: string, exists: (path: string) => boolean): string | undefined {
  const [path = "", heading] = decodeURIComponent(link).split("#");
  if (path.startsWith("/")) return "begins with a slash: write it relative to its page";
  const target = path === "" ? page : targetOf(page, path);
  const text = pages.get(target);
  if (text === undefined) return exists(target) ? undefined : "leads to no file";
  return heading === undefined || headingsOf(text).has(heading) ? undefined : "leads to no heading of that page";
}

/** The file that a link of a page leads to, its heading left out. */
function targetOf(page: string, link: string): string {
  return normalize(join(dirname(page), link.replace(/#.*/, ""))).replaceAll("\\", "/");
}

/** Anchors as GitHub makes them of headings. */
function headingsOf(text: string): ReadonlySet<string> {
  const prose = text.replace(CODE_BLOCK, "");
  const anchors = [...prose.matchAll(/^#{1,6} +(.+?)\s*#*$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return new Set(anchors.map((anchor, at) => numbered(anchors, anchor, at)));
}

/** The second heading of the same text is `text-1`, the third `text-2`. */
function numbered(anchors: readonly string[], anchor: string, at: number): string {
  const before = anchors.slice(0, at).filter((other) => other === anchor).length;
  return before === 0 ? anchor : `${anchor}-${before}`;
}
