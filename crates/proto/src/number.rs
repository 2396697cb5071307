//! A closed set of numbers inside a body, with room for numbers that come later. Owns the macro
//! only; every set stands beside the body that carries it.

/// Declares a `u16` newtype with named constants. A number outside the list is kept as it came:
/// the reader treats it as "other", and an older peer never fails on a newer one.
macro_rules! numbers {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident = $number:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, bincode::Encode, bincode::Decode)]
        pub struct $name(pub u16);

        impl $name {
            $($(#[$value_meta])* pub const $value: Self = Self($number);)*

            /// The name of a known number in lower case, `other` for one that came later.
            pub fn name(self) -> std::borrow::Cow<'static, str> {
                match self.0 {
                    $($number => stringify!($value).to_lowercase().replace('_', "-").into(),)*
                    _ => "other".into(),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.name())
            }
        }
    };
}
pub(crate) use numbers;
