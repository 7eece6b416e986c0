import en from "#parts/delivery/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/delivery", en);
