//! How a run ends.

use crate::interrupt;

/// How a run that was carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Done,
    SomeFailed,
    Interrupted,
}

impl Status {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::Interrupted => interrupt::EXIT_CODE,
        }
    }
}
