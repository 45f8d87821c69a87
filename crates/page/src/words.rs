//! Names in markup as hashed words.

/// Hash of a lower-case word of a class, id, role or itemprop: 32-bit FNV-1a, stable across
/// versions because trained models and templates hold it.
///
/// # Example
/// ```
/// assert_ne!(dechrome_page::word_hash("article"), dechrome_page::word_hash("aside"));
/// ```
pub const fn word_hash(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}
