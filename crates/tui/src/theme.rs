//! How the chrome looks: a style for each role, read from data. Owns the roles, the built-in themes
//! (`themes/*.toml`) and the notation of a style. What is drawn where is the view's affair.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

/// The names of the built-in themes with their data.
const BUILT_IN: [(&str, &str); 4] = [
    ("dark", include_str!("../themes/dark.toml")),
    ("light", include_str!("../themes/light.toml")),
    ("high-contrast", include_str!("../themes/high-contrast.toml")),
    ("terminal", include_str!("../themes/terminal.toml")),
];

macro_rules! roles {
    ($($(#[doc = $doc:literal])* $field:ident $name:literal;)*) => {
        /// A style for each role.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Theme {
            $($(#[doc = $doc])* pub(crate) $field: Style,)*
        }

        impl Theme {
            /// The names of all roles, as in the configuration.
            pub(crate) const ROLES: &[&str] = &[$($name,)*];

            fn role_mut(&mut self, name: &str) -> Option<&mut Style> {
                match name {
                    $($name => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

roles! {
    /// The status bar.
    bar "bar";
    /// The session's name in it.
    bar_session "bar-session";
    /// The tab that is looked at.
    bar_current "bar-current";
    /// A tab that wants somebody.
    bar_alert "bar-alert";
    /// Questions, prompts and messages in the bar.
    bar_message "bar-message";
    /// Lines between panes.
    border "border";
    /// The same around the pane in focus.
    border_focus "border-focus";
    /// The numbers of panes.
    number "number";
    /// The number of the pane in focus.
    number_focus "number-focus";
    /// The frame of a box.
    frame "frame";
    /// Headings in boxes.
    heading "heading";
    /// Keys in boxes.
    key "key";
    /// The chosen entry of a list.
    chosen "chosen";
    /// What matters less.
    faint "faint";
    /// What went wrong.
    warning "warning";
    /// What a search found.
    found "found";
    /// The find that the cursor is on.
    found_here "found-here";
    /// What is selected.
    selected "selected";
    /// Labels of hints.
    label "label";
    /// What a label stands for.
    labelled "labelled";
}

/// Why a theme could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ThemeError {
    #[error("no theme is called `{name}`")]
    Name { name: String },
    #[error("nothing that has a colour is called `{name}`")]
    Role { name: String },
    #[error("`{word}` is no colour and no look")]
    Word { word: String },
}

impl Theme {
    /// The names of the built-in themes.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
        BUILT_IN.into_iter().map(|(name, _)| name)
    }

    /// A built-in theme.
    pub(crate) fn named(name: &str) -> Result<Self, ThemeError> {
        let unknown = || ThemeError::Name { name: name.into() };
        let (_, data) = BUILT_IN.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
        let roles: BTreeMap<String, String> = toml::from_str(data).unwrap_or_default();
        let mut theme = Self::default();
        for (role, style) in roles {
            theme.set(&role, &style)?;
        }
        Ok(theme)
    }

    /// The theme for a terminal of which nothing is known but perhaps its background. One that does
    /// not tell gets its own palette.
    pub(crate) fn for_background(dark: Option<bool>) -> Self {
        let name = match dark {
            Some(true) => "dark",
            Some(false) => "light",
            None => "terminal",
        };
        // A test reads them all.
        Self::named(name).unwrap_or_default()
    }

    /// Sets one role.
    pub(crate) fn set(&mut self, role: &str, style: &str) -> Result<(), ThemeError> {
        let style = parse(style)?;
        let slot = self.role_mut(role);
        *slot.ok_or_else(|| ThemeError::Role { name: role.into() })? = style;
        Ok(())
    }

    /// The same without any colour: what had a ground of its own is reversed.
    pub(crate) fn without_color(mut self) -> Self {
        for role in Self::ROLES {
            if let Some(style) = self.role_mut(role) {
                if style.bg.is_some_and(|color| color != Color::Reset) {
                    *style = style.add_modifier(Modifier::REVERSED);
                }
                (style.fg, style.bg) = (None, None);
            }
        }
        self
    }
}

/// Reads a style: looks (`bold`, `dim`, `italic`, `underline`, `reversed`) and a colour in any order,
/// behind `on` the ground.
pub(crate) fn parse(written: &str) -> Result<Style, ThemeError> {
    let mut style = Style::new();
    let mut ground = false;
    for word in written.split_whitespace() {
        let look = match word {
            "on" => {
                ground = true;
                continue;
            }
            "bold" => Some(Modifier::BOLD),
            "dim" => Some(Modifier::DIM),
            "italic" => Some(Modifier::ITALIC),
            "underline" => Some(Modifier::UNDERLINED),
            "reversed" => Some(Modifier::REVERSED),
            _ => None,
        };
        style = match look {
            Some(look) => style.add_modifier(look),
            None if std::mem::take(&mut ground) => style.bg(color(word)?),
            None => style.fg(color(word)?),
        };
    }
    Ok(style)
}

/// `red`, `bright-red`, a number of the palette, `#rrggbb`, or `default`.
fn color(word: &str) -> Result<Color, ThemeError> {
    const NAMES: [&str; 8] =
        ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    let unknown = || ThemeError::Word { word: word.into() };
    if word == "default" {
        return Ok(Color::Reset);
    }
    if let Some(hex) = word.strip_prefix('#') {
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6);
        let [_, red, green, blue] = number.ok_or_else(unknown)?.to_be_bytes();
        return Ok(Color::Rgb(red, green, blue));
    }
    if let Ok(index) = word.parse() {
        return Ok(Color::Indexed(index));
    }
    let (name, offset) = match word.strip_prefix("bright-") {
        Some(name) => (name, 8),
        None => (word, 0),
    };
    let index = NAMES.iter().zip(offset..).find(|(known, _)| **known == name);
    index.map(|(_, index)| Color::Indexed(index)).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_theme_has_every_role() {
        for (name, data) in BUILT_IN {
            let roles: BTreeMap<String, String> = toml::from_str(data).unwrap();
            let mut known = Theme::ROLES.to_vec();
            known.sort_unstable();
            assert_eq!(roles.keys().collect::<Vec<_>>(), known, "{name}");
            assert!(Theme::named(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn styles_are_read_as_they_are_written() {
        let style = parse("bold #102030 on bright-blue").unwrap();
        assert_eq!(style.fg, Some(Color::Rgb(0x10, 0x20, 0x30)));
        assert_eq!(style.bg, Some(Color::Indexed(12)));
        assert!(style.add_modifier.contains(Modifier::BOLD));
        assert_eq!(parse("208").unwrap().fg, Some(Color::Indexed(208)));
        assert_eq!(parse("purpel").unwrap_err(), ThemeError::Word { word: "purpel".into() });
        assert!(parse("#12").is_err());
    }

    #[test]
    fn without_colour_nothing_has_one_and_grounds_stay_visible() {
        for name in Theme::names() {
            let mut theme = Theme::named(name).unwrap().without_color();
            for role in Theme::ROLES {
                let style = *theme.role_mut(role).unwrap();
                assert_eq!((style.fg, style.bg), (None, None), "{role} of {name}");
            }
            assert!(theme.bar.add_modifier.contains(Modifier::REVERSED), "{name}");
        }
    }

    #[test]
    fn the_background_decides_unless_it_is_unknown() {
        assert_eq!(Theme::for_background(Some(false)), Theme::named("light").unwrap());
        assert_eq!(Theme::for_background(Some(true)), Theme::named("dark").unwrap());
        assert_eq!(Theme::for_background(None), Theme::named("terminal").unwrap());
    }
}
