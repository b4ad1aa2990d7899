//! Where an export comes from: a file or standard input, compressed or not.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use crate::files::is_standard_input;

/// What gzip files begin with (RFC 1952, section 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// What Zstandard frames begin with (RFC 8878, section 3.1.1).
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The base-2 logarithm of the largest Zstandard window that is accepted: 128 MiB, what `zstd -d`
/// itself accepts without being told otherwise.
const MAX_ZSTD_WINDOW_LOG: u32 = 27;

/// An input that may be compressed.
pub struct Input {
    /// The content, decompressed.
    pub reader: Box<dyn Read + Send>,
    /// How large the file is; none for what is not a plain file.
    pub size: Option<u64>,
    /// How many bytes of the file have been read.
    pub position: Arc<AtomicU64>,
}

impl Input {
    /// Opens the file at `path`; standard input for `-`. What is compressed is recognised by its first
    /// bytes, whatever its name.
    ///
    /// # Errors
    /// Those of opening the file and of reading its first bytes.
    pub fn open(path: &Path) -> io::Result<Self> {
        if is_standard_input(path) {
            return Self::new(io::stdin(), None);
        }
        let file = File::open(path)?;
        let about = file.metadata()?;
        let size = about.is_file().then_some(about.len());
        Self::new(file, size)
    }

    /// What `raw` holds, decompressed.
    ///
    /// # Errors
    /// Those of `raw` for its first bytes.
    pub fn new(raw: impl Read + Send + 'static, size: Option<u64>) -> io::Result<Self> {
        let position = Arc::new(AtomicU64::new(0));
        let mut raw = Counted { inner: raw, count: Arc::clone(&position) };
        let mut magic = Vec::with_capacity(ZSTD.len());
        (&mut raw).take(ZSTD.len() as u64).read_to_end(&mut magic)?;
        let gzip = magic.starts_with(GZIP);
        let zstd = magic == ZSTD;
        let whole = Cursor::new(magic).chain(raw);
        let reader: Box<dyn Read + Send> = if gzip {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole)))
        } else if zstd {
            let mut decoder = zstd::Decoder::new(whole)?;
            decoder.window_log_max(MAX_ZSTD_WINDOW_LOG)?;
            Box::new(decoder)
        } else {
            Box::new(whole)
        };
        Ok(Self { reader, size, position })
    }
}

/// A reader that says how far it has come.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
