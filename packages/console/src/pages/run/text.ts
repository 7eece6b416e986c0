import en from "#pages/run/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/run", en);
