import en from "#parts/replay/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/replay", en);
