import en from "#parts/approval/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("parts/approval", en);
