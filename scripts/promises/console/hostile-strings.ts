/** Called by whatever of a stored string has become script; the number says which string. */
export const CALLED = "pwned";

type Write = (call: string, canary: string) => string;

/** What has become script in other consoles. Each calls, and some ask for something of the canary, which nobody has to do. */
const WRITES: readonly Write[] = [
  (call) => `<script>${call}</script>`,
  (call) => `</title></textarea></script><script>${call}</script>`,
  (call) => `"><img src=x onerror=${call}>`,
  (call) => `'><svg/onload=${call}>`,
  (call) => `<a href="javascript:${call}">open</a>`,
  (call) => `javascript:${call}//`,
  (call) => `data:text/html,<script>${call}</script>`,
  (call) => `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  (call) => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${call}&gt;">`,
  (call) => `[open](javascript:${call}) ![x](x"onerror="${call})`,
  (call) => `{{constructor.constructor('${call}')()}} \${${call}} #{${call}} <%= ${call} %>`,
  (call) => `<details open ontoggle=${call}><summary>x</summary></details><input autofocus onfocus=${call}>`,
  (call, canary) => `<img src="${canary}/image?${call}"><link rel=stylesheet href="${canary}/style?${call}">`,
  (call, canary) => `<base href="${canary}/"><meta http-equiv=refresh content="0;url=${canary}/${call}">`,
  (call, canary) => `<form action="${canary}/"><button autofocus formaction="javascript:${call}">${call}</button></form>`,
  (call) => `\u202e${call}\u202c</span><style>*{display:none}</style><object data="data:text/html,${call}"></object>`,
];

/** Each with its number in it. */
export function hostileStrings(canary: string): readonly string[] {
  return WRITES.map((write, n) => write(`${CALLED}(${n})`, canary));
}

/** The numbers of the strings that this text shows. */
export function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/pwned\((\d+)\)/g)].map(([, n]) => Number(n));
}
