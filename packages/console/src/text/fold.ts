/** Text as a search compares it: without case, width and kind of kana, so that `ﾆｭｰｽ` finds `ニュース`, and `にゅーす` too. */
export function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .trim();
}
