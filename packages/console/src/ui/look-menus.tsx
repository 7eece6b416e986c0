import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useFormat } from "#text/format.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "#text/language.ts";
import { useLanguage } from "#text/text.tsx";
import { IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import { useText } from "#ui/text.ts";
import { THEMES, type Theme, useTheme } from "#ui/theme.ts";

// How the console looks to whoever sits before it: the same two menus before and after the sign-in.

export function LanguageMenu() {
  const t = useText();
  const format = useFormat();
  const { language, choose } = useLanguage();
  return (
    <Menu
      trigger={<IconButton icon={Languages} label={format.named(t("language"), LANGUAGE_NAMES[language])} />}
      items={LANGUAGES.map((one) => ({ key: one, label: LANGUAGE_NAMES[one], checked: one === language, onSelect: () => choose(one) }))}
    />
  );
}

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, unknown>;

export function ThemeMenu() {
  const t = useText();
  const format = useFormat();
  const { theme, choose } = useTheme();
  return (
    <Menu
      trigger={<IconButton icon={THEME_ICONS[theme]} label={format.named(t("theme"), t(`theme.${theme}`))} />}
      items={THEMES.map((one) => ({
        key: one,
        label: t(`theme.${one}`),
        icon: THEME_ICONS[one],
        checked: one === theme,
        onSelect: () => choose(one),
      }))}
    />
  );
}
