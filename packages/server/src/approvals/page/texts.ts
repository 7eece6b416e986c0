import type { Language } from "@millrace/contract";

const en = {
  page: "Approval",
  approve: "Approve",
  reject: "Reject",
  asked: "{workflow} asks you, {person}",
  until: "Decide by {at}",
  details: "Details",
  comment: "Comment",
  optional: "optional",
  choose: "Choose…",
  onlyFor: "Filled in for: {actions}",
  agree: "{count} people have to agree; {given} so far.",
  faults: "Nothing is decided yet. Please look at this again:",
  thanks: "Thank you. Your answer was recorded.",
  yours: "Your answer: {action}, {at}",
  waiting: "{given} of {count} people have agreed. You need not do anything more.",
  decided: "Decided: {action}",
  decidedBy: "by {by}, {at}",
  timedOut: "Too late",
  timedOutText: "Nobody decided by {at}.",
  closed: "No longer needed",
  closedText: "The run no longer waits for this decision.",
  unknown: "This link does not work",
  unknownText: "It is incomplete, it has expired, or the approval is gone. Ask whoever sent it for a new one.",
  footer: "This link is yours alone: what is decided with it is decided in your name.",
};

export type PageTexts = { readonly [key in keyof typeof en]: string };

const zhCN: PageTexts = {
  page: "审批",
  approve: "同意",
  reject: "拒绝",
  asked: "{workflow} 请你决定，{person}",
  until: "请在 {at} 前决定",
  details: "详情",
  comment: "备注",
  optional: "可不填",
  choose: "请选择…",
  onlyFor: "以下操作需要填写：{actions}",
  agree: "需要 {count} 人同意，目前 {given} 人。",
  faults: "尚未作出决定，请再检查：",
  thanks: "谢谢，你的回答已记录。",
  yours: "你的回答：{action}，{at}",
  waiting: "{count} 人中已有 {given} 人同意。你无需再做什么。",
  decided: "已决定：{action}",
  decidedBy: "{by}，{at}",
  timedOut: "已过时限",
  timedOutText: "到 {at} 为止无人作出决定。",
  closed: "不再需要",
  closedText: "运行不再等待此决定。",
  unknown: "此链接无效",
  unknownText: "链接不完整、已过期，或审批已不存在。请向发送者索取新的链接。",
  footer: "此链接仅供你本人使用：通过它作出的决定以你的名义记录。",
};

const zhTW: PageTexts = {
  page: "簽核",
  approve: "同意",
  reject: "拒絕",
  asked: "{workflow} 請你決定，{person}",
  until: "請在 {at} 前決定",
  details: "詳情",
  comment: "備註",
  optional: "可不填",
  choose: "請選擇…",
  onlyFor: "以下動作需要填寫：{actions}",
  agree: "需要 {count} 人同意，目前 {given} 人。",
  faults: "尚未作出決定，請再檢查：",
  thanks: "謝謝，你的回答已記錄。",
  yours: "你的回答：{action}，{at}",
  waiting: "{count} 人中已有 {given} 人同意。你無需再做什麼。",
  decided: "已決定：{action}",
  decidedBy: "{by}，{at}",
  timedOut: "已過時限",
  timedOutText: "到 {at} 為止無人作出決定。",
  closed: "不再需要",
  closedText: "執行不再等待此決定。",
  unknown: "此連結無效",
  unknownText: "連結不完整、已過期，或簽核已不存在。請向傳送者索取新的連結。",
  footer: "此連結僅供你本人使用：透過它作出的決定以你的名義記錄。",
};

const ja: PageTexts = {
  page: "承認",
  approve: "承認する",
  reject: "却下する",
  asked: "{workflow} からの確認です。{person} 様",
  until: "{at} までに判断してください",
  details: "詳細",
  comment: "コメント",
  optional: "任意",
  choose: "選択してください…",
  onlyFor: "次の操作で入力します：{actions}",
  agree: "{count} 人の同意が必要です。現在 {given} 人。",
  faults: "まだ決定されていません。次の点をご確認ください：",
  thanks: "ありがとうございます。回答を記録しました。",
  yours: "あなたの回答：{action}、{at}",
  waiting: "{count} 人中 {given} 人が同意しました。これ以上の操作は不要です。",
  decided: "決定済み：{action}",
  decidedBy: "{by}、{at}",
  timedOut: "期限切れ",
  timedOutText: "{at} までに誰も判断しませんでした。",
  closed: "不要になりました",
  closedText: "実行はもうこの決定を待っていません。",
  unknown: "このリンクは使えません",
  unknownText: "リンクが不完全か、期限切れか、承認が存在しません。送信者に新しいリンクを依頼してください。",
  footer: "このリンクはあなた専用です。このリンクでの決定はあなたの名前で記録されます。",
};

export const PAGE_TEXTS: { readonly [L in Language]: PageTexts } = { en, "zh-CN": zhCN, "zh-TW": zhTW, ja };

/** `{name}` is filled in. */
export function fill(text: string, values: { readonly [name: string]: string | number }): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** People who get a link may be anywhere: the zone is said. */
export function moment(at: number, language: Language): string {
  return `${new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(at)} UTC`;
}
