import en from "#pages/approvals/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/approvals", en);
