pub(super) fn encode(_: &super::KeyEvent, _: &crate::Modes, _: &mut Vec<u8>) {}
