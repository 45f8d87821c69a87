#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dechrome_fuzz::fetch::robots(bytes));
