import en from "#pages/alerts/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/alerts", en);
