//! What hands do, as typed events, and the encoder that turns them into the bytes that a program
//! expects in the modes of its pane: keys, paste, mouse, focus; and the notation in which people
//! write keys. The encoder works at the moment of writing, with the modes of that moment.
//! Reading the bytes of an outer terminal is the client's job, and is not here.

mod encode;
mod focus;
mod key;
mod kitty;
mod legacy;
mod mouse;
mod names;
mod nearest;
mod notation;
mod other_keys;
mod paste;
mod sequence;

pub use encode::encode_key;
pub use focus::encode_focus;
pub use key::{Key, KeyEvent, KeyKind, KeypadKey, MAX_FUNCTION_KEY, Modifiers};
pub use mouse::{
    MouseButton, MouseEvent, MouseKind, WHEEL_LINES, WheelDirection, encode_alternate_scroll,
    encode_mouse,
};
pub use nearest::nearest_name;
pub use notation::{KeyError, display_keys, parse_keys};
pub use paste::{PasteEncoder, encode_paste};
