import type { Block } from "./blocks.ts";

/** How the output of a page's script is parted: what follows belongs to the block of that line. */
const MARKER = "@@block ";

/** How often a block that is marked `retry` is begun anew, a quarter of a second apart, until it prints what it should. */
const TRIES = 60;

/** Seconds until a background block has to say that it is ready. */
const READY_WITHIN = 30;

/**
 * One script of all blocks of a page, in their order: a `cd` or a variable of one holds in the next. A line that ends in `# exits: 3` has to end so, every other
 * with 0. A block that is marked `background` goes on while the rest runs, once it says that it listens; one that is marked `retry` may take its time.
 */
export function pageScript(blocks: readonly Block[]): string {
  return [PRELUDE, ...blocks.flatMap((block) => [`printf '\n${MARKER}${block.line}\n'`, scriptOf(block)])].join("\n");
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

function scriptOf(block: Block): string {
  const { marks, line, text } = block;
  if (marks.has("background")) {
    const log = `"$LOGS/${line}.log"`;
    return `{\n${text}} >${log} 2>&1 &\nstarted="$started $!"\nlistens ${log} $!`;
  }
  if (marks.has("retry")) {
    const held = expectedOf(block).map((expected) => `[[ "$out" == *${quoted(expected)}* ]]`);
    const isAsWanted = ["[ $status = 0 ]", ...held].join(" && ");
    return `for _ in $(seq ${TRIES}); do\nstatus=0; out=$(\n${text}) || status=$?\nif ${isAsWanted}; then break; fi\nsleep 0.25\ndone\necho "$out"; exits $status 0`;
  }
  return text.replace(/^(.*\S)\s+# exits: (\d+)$/gm, "status=0; { $1; } || status=$?; exits $status $2");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What the blocks wrote, by the line of each. */
export function outputsOf(output: string): ReadonlyMap<number, string> {
  const parts = output.split(new RegExp(`\\n${MARKER}(\\d+)\\n`)).slice(1);
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
