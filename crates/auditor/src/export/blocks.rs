//! The lines of an export, read, taken apart and hashed on several threads, and handed out in their
//! order.

use std::io::{self, Read};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use ledger::line::{Line, LineError};
use memchr::{memchr_iter, memrchr};

/// How much is read before it is handed on.
const BLOCK_BYTES: usize = 1 << 20;

/// More threads than this would wait for the one that reads.
const MAX_THREADS: usize = 8;

/// Consecutive lines.
pub struct Block {
    text: Vec<u8>,
    /// Where each line ends in `text`, without its LF, and what it is.
    lines: Vec<(usize, Result<Line, LineError>)>,
    /// How the input ended; none if it goes on.
    pub end: Option<InputEnd>,
}

/// How the input ended, behind the lines of its last block.
#[derive(Debug)]
pub enum InputEnd {
    /// All was read.
    Complete,
    /// Reading failed.
    Broken(io::Error),
    /// The next line is longer than it may be.
    TooLong,
}

impl Block {
    /// The lines: the bytes, without LF, and what they are.
    pub fn lines(&self) -> impl Iterator<Item = (&[u8], &Result<Line, LineError>)> {
        let mut start = 0;
        self.lines.iter().map(move |(end, line)| {
            let text = self.text.get(start..*end).unwrap_or_default();
            start = end + 1;
            (text, line)
        })
    }

    /// Takes apart and hashes the lines of `text`.
    fn read(text: Vec<u8>, end: Option<InputEnd>) -> Self {
        let last = (text.last().is_some_and(|&byte| byte != b'\n')).then_some(text.len());
        let mut lines = Vec::with_capacity(text.len() / 256);
        let mut start = 0;
        for stop in memchr_iter(b'\n', &text).chain(last) {
            lines.push((stop, Line::read(text.get(start..stop).unwrap_or_default())));
            start = stop + 1;
        }
        Self { text, lines, end }
    }
}

/// The blocks of an input, in their order; the last has an [`InputEnd`]. None may be missing: without an
/// `InputEnd`, something went wrong.
pub struct Blocks {
    /// Each thread's finished blocks. They take turns.
    done: Vec<Receiver<Block>>,
    turn: usize,
}

impl Blocks {
    /// Begins to read. No line may be longer than `max_line_bytes` bytes.
    ///
    /// The threads end by themselves with the input, and when nobody takes their blocks any more.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn of(reader: Box<dyn Read + Send>, max_line_bytes: usize) -> io::Result<Self> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS);
        let (mut todo, mut done) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            let (give, take) = sync_channel::<(Vec<u8>, Option<InputEnd>)>(1);
            let (hand, fetch) = sync_channel(1);
            thread::Builder::new().spawn(move || {
                for (text, end) in take {
                    if hand.send(Block::read(text, end)).is_err() {
                        return;
                    }
                }
            })?;
            todo.push(give);
            done.push(fetch);
        }
        thread::Builder::new().spawn(move || split(reader, max_line_bytes, &todo))?;
        Ok(Self { done, turn: 0 })
    }
}

impl Iterator for Blocks {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let block = self.done.get(self.turn)?.recv().ok();
        self.turn = (self.turn + 1) % self.done.len();
        block
    }
}

/// Reads to the end and deals out blocks of whole lines.
fn split(
    mut reader: Box<dyn Read + Send>,
    max_line_bytes: usize,
    threads: &[SyncSender<(Vec<u8>, Option<InputEnd>)>],
) {
    let mut rest = Vec::new();
    for thread in threads.iter().cycle() {
        let (text, end) = block(&mut *reader, &mut rest, max_line_bytes);
        let over = end.is_some();
        if thread.send((text, end)).is_err() || over {
            return;
        }
    }
}

/// Reads a block of whole lines. `rest` is what was read beyond the block before.
fn block(
    reader: &mut dyn Read,
    rest: &mut Vec<u8>,
    max_line_bytes: usize,
) -> (Vec<u8>, Option<InputEnd>) {
    let mut text = Vec::with_capacity(rest.len() + BLOCK_BYTES);
    text.append(rest);
    // Up to here there is no LF.
    let mut searched = 0;
    loop {
        let read = reader.take(BLOCK_BYTES as u64).read_to_end(&mut text);
        if let Some(at) = text.get(searched..).and_then(|new| memrchr(b'\n', new)) {
            *rest = text.split_off(searched + at + 1);
            return (text, read.err().map(InputEnd::Broken));
        }
        searched = text.len();
        match read {
            Ok(0) => return (text, Some(InputEnd::Complete)),
            Ok(_) if searched > max_line_bytes => return (Vec::new(), Some(InputEnd::TooLong)),
            Ok(_) => {}
            Err(error) => return (Vec::new(), Some(InputEnd::Broken(error))),
        }
    }
}
