import type { Block } from "./blocks.ts";

/** How the output of a page's script is parted: what follows belongs to the block of that line. */
const MARKER = "@@block ";

/** Seconds until a background block has to say that it is ready. */
const READY_WITHIN = 30;

/**
 * One script of all blocks of a page, in their order: a `cd` or a variable of one holds in the next. A line that ends in `# exits: 3` has to end so, every other
 * with 0. A block that is marked `background` goes on while the rest runs, once it says that it listens.
 */
export function pageScript(blocks: readonly Block[]): string {
  return [PRELUDE, ...blocks.flatMap((block) => [`echo "${MARKER}${block.line}"`, scriptOf(block)])].join("\n");
}

const PRELUDE = `exec 2>&1
set -euo pipefail -m
started=""
trap 'for one in $started; do kill -- "-$one" 2>/dev/null || true; done; wait' EXIT
exits() { if [ "$1" != "$2" ]; then echo "ended with $1, and should with $2"; exit 1; fi; }
listens() {
  for _ in $(seq ${READY_WITHIN * 10}); do
    if grep -qE '^  Try |[Ll]istening' "$1"; then return; fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  cat "$1"; echo "it does not listen"; exit 1
}`;

function scriptOf({ marks, line, text }: Block): string {
  if (marks.has("background")) {
    const log = `"$LOGS/${line}.log"`;
    return `{\n${text}} >${log} 2>&1 &\nstarted="$started $!"\nlistens ${log} $!`;
  }
  return text.replace(/^(.*\S)\s+# exits: (\d+)$/gm, "status=0; { $1; } || status=$?; exits $status $2");
}

/** What the blocks wrote, by the line of each. */
export function outputsOf(output: string): ReadonlyMap<number, string> {
  const parts = output.split(new RegExp(`^${MARKER}(\\d+)\\n`, "m")).slice(1);
  return new Map(parts.flatMap((part, at) => (at % 2 === 0 ? [[Number(part), parts[at + 1] ?? ""] as const] : [])));
}

/** The texts that a block has to print, in their order: its comments `# prints: …`. */
export function expectedOf({ text }: Block): readonly string[] {
  return [...text.matchAll(/^\s*# prints: (.+)$/gm)].map(([, expected = ""]) => expected.trim());
}

/** The first of the texts that does not come behind the one before it. */
export function missingFrom(output: string, expected: readonly string[]): string | undefined {
  let from = 0;
  return expected.find((text) => {
    const at = output.indexOf(text, from);
    from = at + text.length;
    return at < 0;
  });
}
