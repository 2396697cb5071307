//! Every action that a key can have: its name, a line about it, and its default keys, side by side.
//! Help, the palette, the key tables and the errors about names all come from here. What an action
//! does is not here.

use ccc_vt::input::nearest_name;

use super::{KeyMode, KeymapError};

/// Under which heading help lists an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Panes,
    Tabs,
    Sessions,
    Scroll,
    Replay,
    Lists,
    General,
}

impl Group {
    /// All groups, in the order of help.
    pub const ALL: [Self; 7] = [
        Self::Panes,
        Self::Tabs,
        Self::Sessions,
        Self::Scroll,
        Self::Replay,
        Self::Lists,
        Self::General,
    ];

    /// The heading's key in the catalogue.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Panes => "group-panes",
            Self::Tabs => "group-tabs",
            Self::Sessions => "group-sessions",
            Self::Scroll => "group-scroll",
            Self::Replay => "group-replay",
            Self::Lists => "group-lists",
            Self::General => "group-general",
        }
    }

    /// The heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Panes => "panes",
            Self::Tabs => "tabs",
            Self::Sessions => "sessions",
            Self::Scroll => "scroll mode",
            Self::Replay => "replay",
            Self::Lists => "lists and prompts",
            Self::General => "general",
        }
    }
}

/// What help says of an action, and its default keys.
struct Row {
    action: Action,
    name: &'static str,
    group: Group,
    doc: &'static str,
    /// Sequences of keys as people write them, several of them between two spaces.
    keys: &'static [(KeyMode, &'static str)],
    traits: &'static [Trait],
}

/// What an action is beyond its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trait {
    /// After it the prefix stays open for a moment.
    Repeats,
    /// It belongs to a later part of the product.
    Later,
}

/// Writes the enum and its table from one list, so that neither can lack what the other has. An
/// action that exists for each digit holds it.
macro_rules! actions {
    (
        plain {
            $( $variant:ident $name:literal $group:ident $doc:literal
               [ $( $mode:ident $keys:literal ),* ] $( $trait:ident )* ; )*
        }
        digits {
            $( $digit_variant:ident $digit_name:literal $digit_group:ident $digit_doc:literal
               $digit_mode:ident ; )*
        }
    ) => {
        /// What a key can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $( #[doc = $doc] $variant, )*
            $( #[doc = $digit_doc] #[doc = ""] #[doc = "0 stands for 10."] $digit_variant(u8), )*
        }

        const ROWS: &[Row] = &[
            $( Row {
                action: Action::$variant,
                name: $name,
                group: Group::$group,
                doc: $doc,
                keys: &[ $( (KeyMode::$mode, $keys) ),* ],
                traits: &[ $( Trait::$trait ),* ],
            }, )*
            $(
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 1 "1"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 2 "2"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 3 "3"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 4 "4"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 5 "5"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 6 "6"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 7 "7"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 8 "8"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 9 "9"),
                digit_row!($digit_variant $digit_name $digit_group $digit_doc $digit_mode 0 "0"),
            )*
        ];
    };
}

macro_rules! digit_row {
    (
        $variant:ident $name:literal $group:ident $doc:literal $mode:ident
        $digit:literal $key:literal
    ) => {
        Row {
            action: Action::$variant($digit),
            name: concat!($name, "-", $key),
            group: Group::$group,
            doc: $doc,
            keys: &[(KeyMode::$mode, $key)],
            traits: &[],
        }
    };
}

actions! {
    plain {
        SplitRight "split-right" Panes "Split the pane, the new one to the right"
            [Prefix "%  |"];
        SplitDown "split-down" Panes "Split the pane, the new one below"
            [Prefix "\"  -"];
        FocusLeft "focus-left" Panes "Go to the pane on the left" [Prefix "Left"];
        FocusDown "focus-down" Panes "Go to the pane below" [Prefix "Down"];
        FocusUp "focus-up" Panes "Go to the pane above" [Prefix "Up"];
        FocusRight "focus-right" Panes "Go to the pane on the right" [Prefix "Right"];
        FocusNext "focus-next" Panes "Go to the next pane" [Prefix "o"];
        FocusLast "focus-last" Panes "Go back to the last pane" [Prefix ";"];
        ShowNumbers "show-numbers" Panes "Show the numbers of the panes and go to one" [Prefix "q"];
        ResizeLeft "resize-left" Panes "Move the border 1 to the left" [Prefix "C-Left"] Repeats;
        ResizeDown "resize-down" Panes "Move the border 1 down" [Prefix "C-Down"] Repeats;
        ResizeUp "resize-up" Panes "Move the border 1 up" [Prefix "C-Up"] Repeats;
        ResizeRight "resize-right" Panes "Move the border 1 to the right"
            [Prefix "C-Right"] Repeats;
        ResizeLeftFar "resize-left-far" Panes "Move the border 5 to the left"
            [Prefix "M-Left"] Repeats;
        ResizeDownFar "resize-down-far" Panes "Move the border 5 down" [Prefix "M-Down"] Repeats;
        ResizeUpFar "resize-up-far" Panes "Move the border 5 up" [Prefix "M-Up"] Repeats;
        ResizeRightFar "resize-right-far" Panes "Move the border 5 to the right"
            [Prefix "M-Right"] Repeats;
        Zoom "zoom" Panes "Give the pane the whole tab, or take it back" [Prefix "z"];
        ClosePane "close-pane" Panes "Close the pane, after asking if its program runs"
            [Prefix "x", Ended "x"];
        RestartPane "restart-pane" Panes "Run the command of an ended pane again" [Ended "Enter"];
        SwapPrevious "swap-previous" Panes "Swap the pane with the one before" [Prefix "{"];
        SwapNext "swap-next" Panes "Swap the pane with the one after" [Prefix "}"];
        BreakPane "break-pane" Panes "Move the pane to a tab of its own" [Prefix "!"];
        Float "float" Panes "Let the pane float, or put it back" [Prefix "*"];
        NextLayout "next-layout" Panes "Arrange the panes in the next layout" [Prefix "Space"];

        NewTab "new-tab" Tabs "Open a new tab" [Prefix "c"];
        NextTab "next-tab" Tabs "Go to the next tab" [Prefix "n"];
        PreviousTab "previous-tab" Tabs "Go to the previous tab" [Prefix "p"];
        LastTab "last-tab" Tabs "Go back to the last tab" [Prefix "l"];
        RenameTab "rename-tab" Tabs "Rename the tab" [Prefix ","];
        CloseTab "close-tab" Tabs "Close the tab, after asking" [Prefix "&"];
        ListTabs "list-tabs" Tabs "Choose a tab from a list" [Prefix "w"];

        ListSessions "list-sessions" Sessions "Choose a session on any known host" [Prefix "s"];
        LastSession "last-session" Sessions "Go back to the last session" [Prefix "Tab"];
        Inbox "inbox" Sessions "Show what programs out of sight had to say" [Prefix "i"];
        RenameSession "rename-session" Sessions "Rename the session" [Prefix "$"];
        PreviousSession "previous-session" Sessions "Go to the previous session" [Prefix "("];
        NextSession "next-session" Sessions "Go to the next session" [Prefix ")"];
        Detach "detach" Sessions "Detach, and leave everything running" [Prefix "d"];
        DetachOthers "detach-others" Sessions "Choose which other clients to detach" [Prefix "D"];

        ScrollMode "scroll-mode" Scroll "Look back: scroll, search, select, copy" [Prefix "["];
        ScrollModeUp "scroll-mode-up" Scroll "Look back, beginning one page up" [Prefix "PageUp"];
        Search "search" Scroll "Search this pane" [Prefix "/"];
        CursorLeft "cursor-left" Scroll "Left" [Scroll "h  Left  Backspace", Prompt "Left  C-b"];
        CursorDown "cursor-down" Scroll "Down" [Scroll "j  Down  C-n"];
        CursorUp "cursor-up" Scroll "Up" [Scroll "k  Up  C-p"];
        CursorRight "cursor-right" Scroll "Right" [Scroll "l  Right", Prompt "Right  C-f"];
        NextWord "next-word" Scroll "To the next word" [Scroll "w"];
        PreviousWord "previous-word" Scroll "To the previous word" [Scroll "b"];
        NextBigWord "next-big-word" Scroll "To the next word between blanks" [Scroll "W"];
        PreviousBigWord "previous-big-word" Scroll "To the previous word between blanks" [Scroll "B"];
        FindForward "find-forward" Scroll "To the next character of a kind in the line" [Scroll "f"];
        FindBackward "find-backward" Scroll "To the previous character of a kind in the line"
            [Scroll "F"];
        TillForward "till-forward" Scroll "Before the next character of a kind" [Scroll "t"];
        TillBackward "till-backward" Scroll "Behind the previous character of a kind" [Scroll "T"];
        FindAgain "find-again" Scroll "To the next such character" [Scroll ";"];
        FindAgainBack "find-again-back" Scroll "To the previous such character" [Scroll ","];
        EndOfWord "end-of-word" Scroll "To the end of the word" [Scroll "E"];
        LineStart "line-start" Scroll "To the start of the line"
            [Scroll "0  Home", Prompt "Home  C-a"];
        FirstCharacter "first-character" Scroll "To the first character of the line" [Scroll "^"];
        LineEnd "line-end" Scroll "To the end of the line" [Scroll "$  End", Prompt "End  C-e"];
        ScreenTop "screen-top" Scroll "To the top of the screen" [Scroll "H"];
        ScreenMiddle "screen-middle" Scroll "To the middle of the screen" [Scroll "M"];
        ScreenBottom "screen-bottom" Scroll "To the bottom of the screen" [Scroll "L"];
        Top "top" Scroll "To the oldest line" [Scroll "g g"];
        Bottom "bottom" Scroll "To the newest line" [Scroll "G"];
        ScrollUp "scroll-up" Scroll "One line up, the cursor stays" [Scroll "C-y  K"];
        ScrollDown "scroll-down" Scroll "One line down, the cursor stays" [Scroll "C-e  J"];
        HalfPageUp "half-page-up" Scroll "Half a page up" [Scroll "C-u"];
        HalfPageDown "half-page-down" Scroll "Half a page down" [Scroll "C-d"];
        PageUp "page-up" Scroll "A page up" [Scroll "PageUp  C-b", List "PageUp"];
        PageDown "page-down" Scroll "A page down" [Scroll "PageDown  C-f", List "PageDown"];
        PreviousPrompt "previous-prompt" Scroll "To the previous prompt" [Scroll "{"];
        NextPrompt "next-prompt" Scroll "To the next prompt" [Scroll "}"];
        SearchForward "search-forward" Scroll "Search towards newer lines" [Scroll "/"];
        SearchBackward "search-backward" Scroll "Search towards older lines" [Scroll "?"];
        NextMatch "next-match" Scroll "To the next match" [Scroll "n"];
        PreviousMatch "previous-match" Scroll "To the previous match" [Scroll "N"];
        Select "select" Scroll "Select characters, or stop selecting" [Scroll "v"];
        SelectLines "select-lines" Scroll "Select whole lines, or stop selecting" [Scroll "V"];
        SelectBlock "select-block" Scroll "Select a rectangle, or stop selecting" [Scroll "C-v"];
        Copy "copy" Scroll "Copy what is selected, and leave" [Scroll "y  Enter"];
        CopyOutput "copy-output" Scroll "Copy the output of the last command" [Scroll "o"];
        EditOutput "edit-output" Scroll "Open the output of the last command in $EDITOR"
            [Scroll "e"];

        ReplayPause "replay-pause" Replay "Go on, or stop" [Replay "Space"];
        ReplayBack "replay-back" Replay "5 seconds back" [Replay "Left  h"];
        ReplayForward "replay-forward" Replay "5 seconds forward" [Replay "Right  l"];
        ReplayFarBack "replay-far-back" Replay "A minute back" [Replay "S-Left  H"];
        ReplayFarForward "replay-far-forward" Replay "A minute forward" [Replay "S-Right  L"];
        ReplayStepBack "replay-step-back" Replay "Back to the output before" [Replay ","];
        ReplayStep "replay-step" Replay "On to the next output" [Replay "."];
        ReplayPreviousCommand "replay-previous-command" Replay "To the command before"
            [Replay "{"];
        ReplayNextCommand "replay-next-command" Replay "To the next command" [Replay "}"];
        ReplayPreviousFailure "replay-previous-failure" Replay "To the failed command before"
            [Replay "N"];
        ReplayNextFailure "replay-next-failure" Replay "To the next failed command" [Replay "n"];
        ReplaySlower "replay-slower" Replay "Slower" [Replay "-"];
        ReplayFaster "replay-faster" Replay "Faster" [Replay "+  ="];
        ReplayIdle "replay-idle" Replay "Pass over idle time, or show it" [Replay "i"];
        ReplayStart "replay-start" Replay "To the beginning" [Replay "Home  g"];
        ReplayEnd "replay-end" Replay "To the end, to what comes now" [Replay "End  G"];
        ReplayGoTo "replay-go-to" Replay "Go to a time that is typed" [Replay "t"];

        ListUp "list-up" Lists "To the entry above" [List "Up  C-p  C-k", Prompt "Up  C-p"];
        ListDown "list-down" Lists "To the entry below" [List "Down  C-n  C-j", Prompt "Down  C-n"];
        DeleteBackward "delete-backward" Lists "Delete the character before"
            [List "Backspace  C-h", Prompt "Backspace  C-h"];
        DeleteForward "delete-forward" Lists "Delete the character under the cursor"
            [Prompt "Delete  C-d"];
        DeleteWord "delete-word" Lists "Delete the word before" [List "C-w", Prompt "C-w"];
        Complete "complete" Lists "Take the name into the line, or show finds that are equal"
            [List "Tab"];
        DeleteLine "delete-line" Lists "Delete all before the cursor" [List "C-u", Prompt "C-u"];
        MatchMode "match-mode" Lists "In the history: fuzzy, from the start, or a regex"
            [List "C-r"];
        OnlyFailed "only-failed" Lists "In the history: the commands that failed, or all again"
            [List "C-f"];
        RunAgain "run-again" Lists "In the history, run the command in a new pane" [List "C-o"];
        ForgetCommand "forget-command" Lists "In the history, forget the command, after asking"
            [List "Delete  C-x"];
        GoToCommand "go-to-command" Lists "Go to where the command ran, or the line that was found is" [List "C-g"];
        Accept "accept" Lists "Take it, or say yes"
            [List "Enter", Prompt "Enter", Confirm "y  Y"];
        PasteAsText "paste-as-text" Lists "Paste the path of a file as it is" [Confirm "t  T"];
        Cancel "cancel" Lists "Leave without doing anything"
            [
                Prefix "Escape", Scroll "q  Escape  C-c", List "Escape  C-c", Prompt "Escape  C-c",
                Confirm "n  N  q  Escape  C-c", Numbers "q  Escape  C-c",
                Hints "Escape  C-c", Replay "q  Escape  C-c"
            ];

        Paste "paste" General "Paste what was copied last" [Prefix "]"];
        PasteImage "paste-image" General "Put the image of the clipboard there, and type its path"
            [Prefix "C-v"];
        History "history" General "Find a command in the history of all sessions"
            [Prefix "C-r"];
        Forget "forget" General "Forget the last minutes or command of this pane"
            [Prefix "F"];
        Find "find" General "Search everything that was ever printed" [Prefix "f"];
        Replay "replay" General "Replay this pane, back from now" [Prefix "r"];
        Hints "hints" General "Label paths, URLs and hashes, to copy or open one"
            [Prefix "y"];
        Palette "palette" General "Choose any action by its name, or type a command" [Prefix ":"];
        ReloadConfig "reload-config" General "Read the configuration file again" [Prefix "R"];
        Help "help" General "Show these keys" [Prefix "?", Replay "?"];
        Suspend "suspend" General "Suspend this client" [Prefix "C-z"];
        SendPrefix "send-prefix" General "Send the prefix key to the program" [];
    }
    digits {
        SelectTab "select-tab" Tabs "Go to the tab with this number" Prefix;
        FocusPane "focus-pane" Panes "Go to the pane with this number" Numbers;
    }
}

impl Action {
    /// Every action, in the order of help.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        ROWS.iter().map(|row| row.action)
    }

    /// The name, as in the configuration and the palette.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// One line about it.
    pub fn doc(self) -> &'static str {
        self.row().map_or("", |row| row.doc)
    }

    /// The name that its line has in other languages: one for all digits of an action.
    pub fn doc_name(self) -> &'static str {
        let name = self.name();
        match self {
            Self::SelectTab(_) | Self::FocusPane(_) => {
                name.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit())
            }
            _ => name,
        }
    }

    /// The heading in help.
    pub fn group(self) -> Group {
        self.row().map_or(Group::General, |row| row.group)
    }

    /// Whether the prefix stays open for a moment after it.
    pub fn is_repeatable(self) -> bool {
        self.has(Trait::Repeats)
    }

    /// Whether this version can do it.
    pub fn is_available(self) -> bool {
        !self.has(Trait::Later)
    }

    /// The action with this name.
    pub fn from_name(name: &str) -> Result<Self, KeymapError> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.action).ok_or_else(|| {
            let nearest = nearest_name(name, ROWS.iter().map(|row| row.name));
            KeymapError::UnknownAction { name: name.into(), nearest }
        })
    }

    /// The default keys in a mode, each a sequence as people write it.
    pub(super) fn default_keys(self) -> impl Iterator<Item = (KeyMode, &'static str)> {
        let keys = self.row().map_or(&[][..], |row| row.keys);
        keys.iter().flat_map(|(mode, keys)| keys.split("  ").map(|keys| (*mode, keys)))
    }

    fn has(self, wanted: Trait) -> bool {
        self.row().is_some_and(|row| row.traits.contains(&wanted))
    }

    /// None only for a digit above 9.
    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.action == self)
    }
}
