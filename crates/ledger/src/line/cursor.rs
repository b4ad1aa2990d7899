//! Reading a line from its beginning: member by member, in the one spelling each has.

use super::{LineError, LineKind};
use crate::{RowHash, Uuid, digits, json, value};

/// A line that is being read. What is read must be there to the letter: `None` stands for anything else.
pub(super) struct Cursor<'a> {
    line: &'a str,
    rest: &'a str,
    /// What kind of line it seems to be.
    kind: Option<LineKind>,
    /// The key of the member that is being read.
    key: &'static str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { line, rest: line, kind: None, key: "" }
    }

    /// What is wrong where nothing more could be read.
    pub(super) fn fault(&self) -> LineError {
        let name = |key: &'static str| key.trim_matches(|c: char| !c.is_ascii_lowercase());
        match self.kind {
            Some(kind) => LineError::Shape { kind, member: name(self.key) },
            None => LineError::Unknown,
        }
    }

    /// Says what kind of line it turned out to be.
    pub(super) fn is(&mut self, kind: LineKind) {
        self.kind = Some(kind);
    }

    /// How much was read.
    pub(super) fn at(&self) -> usize {
        self.line.len() - self.rest.len()
    }

    /// The whole line.
    pub(super) fn line(&self) -> &'a str {
        self.line
    }

    /// Whether the line ends here.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads the key of a member and what stands around it: `,"seq":`.
    #[inline]
    pub(super) fn key(&mut self, key: &'static str) -> Option<()> {
        self.key = key;
        self.literal(key)
    }

    /// Reads the key of a member that may be missing.
    #[inline]
    pub(super) fn has_key(&mut self, key: &'static str) -> bool {
        let there = self.literal(key).is_some();
        if there {
            self.key = key;
        }
        there
    }

    #[inline]
    pub(super) fn literal(&mut self, literal: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// Reads `[`, elements with commas between them, and `]`.
    pub(super) fn list<T>(
        &mut self,
        element: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.literal("[")?;
        self.elements("]", element)
    }

    /// Reads an object: of each member the name, and then what `value` reads.
    pub(super) fn object<T>(
        &mut self,
        mut value: impl FnMut(&mut Self, String) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.literal("{")?;
        self.elements("}", |cursor| {
            let name = cursor.string()?;
            cursor.literal(":")?;
            value(cursor, name)
        })
    }

    fn elements<T>(
        &mut self,
        end: &str,
        mut element: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut all = Vec::new();
        if self.literal(end).is_some() {
            return Some(all);
        }
        loop {
            all.push(element(self)?);
            if self.literal(end).is_some() {
                return Some(all);
            }
            self.literal(",")?;
        }
    }

    /// Reads a string that is the name of one of `all`.
    pub(super) fn one_of<T: Copy, const N: usize>(
        &mut self,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.quoted()?;
        all.into_iter().find(|it| name(*it) == text)
    }

    /// Reads a number from 0 to the largest bigint, without leading zeros.
    #[inline]
    pub(super) fn number(&mut self) -> Option<i64> {
        let (number, rest) = digits::split_number(self.rest)?;
        self.rest = rest;
        Some(number)
    }

    /// Reads a number from 1 on: a seq.
    #[inline]
    pub(super) fn positive(&mut self) -> Option<i64> {
        self.number().filter(|number| *number > 0)
    }

    /// Reads a number of a chain, or how many there may be.
    #[inline]
    pub(super) fn chain(&mut self) -> Option<i32> {
        self.positive().and_then(|number| number.try_into().ok())
    }

    /// Reads 32 bytes: a string of 64 hex digits.
    #[inline]
    pub(super) fn bytes(&mut self) -> Option<[u8; 32]> {
        let (digits, rest) = self.rest.strip_prefix('"')?.split_at_checked(RowHash::HEX_LEN)?;
        self.rest = rest.strip_prefix('"')?;
        digits::from_hex(digits.as_bytes())
    }

    /// Reads a hash.
    #[inline]
    pub(super) fn hash(&mut self) -> Option<RowHash> {
        self.bytes().map(RowHash::from_bytes)
    }

    /// Reads a time.
    #[inline]
    pub(super) fn time(&mut self) -> Option<i64> {
        value::parse_timestamptz(self.quoted()?)
    }

    /// Reads a UUID.
    pub(super) fn uuid(&mut self) -> Option<Uuid> {
        self.quoted()?.parse().ok()
    }

    /// Reads a string that is known to have no escapes, without its quotes.
    #[inline]
    fn quoted(&mut self) -> Option<&'a str> {
        let (text, rest) = self.rest.strip_prefix('"')?.split_once('"')?;
        self.rest = rest;
        Some(text)
    }

    /// Reads any string.
    pub(super) fn string(&mut self) -> Option<String> {
        let (text, rest) = json::read_string(self.rest)?;
        self.rest = rest;
        Some(text)
    }

    /// Reads any JSON value in any spelling, without space around it.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        let (value, rest) = json::split_value(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// Reads a JSON object in any spelling, and the brace that ends the line behind it.
    #[inline]
    pub(super) fn last_object(&mut self) -> Option<()> {
        let object = self.rest.strip_suffix('}')?;
        let whole = object.starts_with('{') && object.ends_with('}');
        (whole && json::check(object).is_ok()).then(|| self.rest = "")
    }
}
