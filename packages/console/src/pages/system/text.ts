import en from "#pages/system/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/system", en);
