import { textOf } from "#text/text.tsx";
import en from "#ui/messages/en.ts";

export const useText = textOf("ui", en);
