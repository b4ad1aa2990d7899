//! The files that a command is given.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::outcome::Failure;
use crate::text::reason;

/// Reads a file of at most `max_bytes` bytes of UTF-8; standard input for `-`.
///
/// # Errors
/// [`Failure::Unreadable`], naming the file.
pub fn read_text(path: &Path, max_bytes: u64) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if is_standard_input(path) {
        io::stdin().take(max_bytes + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(max_bytes + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| unreadable(path, &reason(&error)))?;
    if bytes.len() as u64 > max_bytes {
        let why = format!("it is larger than {max_bytes} bytes, so it is not what it should be");
        return Err(unreadable(path, &why));
    }
    String::from_utf8(bytes).map_err(|_| unreadable(path, &"it is not text in UTF-8"))
}

/// Whether a path stands for standard input.
pub fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a path is called in messages.
pub fn name(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// That a file cannot be used, and why.
pub fn unreadable(path: &Path, why: &dyn Display) -> Failure {
    Failure::Unreadable(format!("{}: {why}", name(path)))
}
