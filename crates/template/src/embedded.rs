//! The files of `config/`, held in the library. See `build.rs`.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
