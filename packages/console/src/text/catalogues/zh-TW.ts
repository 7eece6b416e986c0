import type { Messages } from "#text/messages.ts";

// Every folder's texts in this language, in one file.
export default import.meta.glob<Messages>("../../**/messages/zh-TW.ts", { eager: true, import: "default" });
