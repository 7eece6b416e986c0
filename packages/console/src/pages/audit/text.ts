import en from "#pages/audit/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/audit", en);
