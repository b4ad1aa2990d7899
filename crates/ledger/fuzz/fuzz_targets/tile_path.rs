//! Any text as the path of a tile or a bundle: an error, or a path that is written back to the letter.
#![no_main]

use ledger::tree::{TileId, bundle};

libfuzzer_sys::fuzz_target!(|path: &str| {
    if let Ok((tile, width)) = TileId::parse_path(path) {
        assert_eq!(tile.path(width), path);
    }
    if let Ok((index, width)) = bundle::parse_path(path) {
        assert_eq!(bundle::path(index, width), path);
    }
});
