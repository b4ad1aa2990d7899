//! One chain: its segments, and how they grow and join.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::doubled::Doubled;
use super::segment::{Head, Segment, Start};
use crate::{Finding, FindingKind, RowHash};

/// What has been seen of a chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Chain {
    pub(super) id: i32,
    /// The segment that grew last, most likely to grow next. Not in `others`.
    current: Option<Segment>,
    /// Where the segment after `current` begins; `i64::MAX` if there is none.
    ceiling: i64,
    /// By first seq; neither they nor `current` overlap or touch.
    others: BTreeMap<i64, Segment>,
    /// By seq: rows whose line does not hash to their stored hash, their line carrying the stored hash
    /// of the row before.
    suspects: BTreeMap<i64, Suspect>,
    doubled: Doubled,
}

/// A row that does not check, and the stored hash of the row before it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Suspect {
    pub(super) head: Head,
    pub(super) prev: RowHash,
}

/// A chain taken apart, to be judged.
pub(super) struct Parts {
    pub(super) id: i32,
    /// In order.
    pub(super) segments: BTreeMap<i64, Segment>,
    pub(super) suspects: BTreeMap<i64, Suspect>,
    pub(super) doubled: Doubled,
}

impl Chain {
    pub(super) fn new(id: i32) -> Self {
        Self {
            id,
            current: None,
            ceiling: i64::MAX,
            others: BTreeMap::new(),
            suspects: BTreeMap::new(),
            doubled: Doubled::default(),
        }
    }

    /// The stored hash of the row before `seq`, if it is the last of a segment.
    #[inline]
    pub(super) fn hash_before(&self, seq: i64) -> Option<RowHash> {
        let before = seq.checked_sub(1)?;
        match &self.current {
            Some(current) if current.last == before => Some(current.tail),
            _ => {
                let (_, segment) = self.others.range(..seq).next_back()?;
                (segment.last == before).then_some(segment.tail)
            }
        }
    }

    /// How many bytes are kept of it.
    pub(super) fn kept(&self) -> usize {
        let heads = self.current.iter().chain(self.others.values());
        let heads =
            heads.map(|run| size_of::<Segment>() + run.start.waiting().map_or(0, Head::size));
        heads.chain(self.suspects.values().map(|it| it.head.size())).fold(0, usize::saturating_add)
    }

    /// Takes a row that follows the current segment, whose line carries that segment's tail and is still to be
    /// checked; answers the tail. None, and nothing is done, if it is another row.
    #[inline]
    pub(super) fn extend(&mut self, book: &mut Book, seq: i64, stored: RowHash) -> Option<RowHash> {
        let current = self.current.as_mut()?;
        if seq - 1 != current.last || seq >= self.ceiling {
            return None;
        }
        let prev = std::mem::replace(&mut current.tail, stored);
        current.last = seq;
        if seq + 1 == self.ceiling
            && let Some(current) = self.current.take()
            && let Some(next) = self.others.remove(&self.ceiling)
        {
            let joined = self.join(book, current, next);
            self.settle(joined);
        }
        Some(prev)
    }

    /// Takes a row whose line does not have the hash that is stored. It is looked at again, and this time with `prev`
    /// in it for certain: an accusation is checked twice.
    #[cold]
    pub(super) fn accuse(&mut self, book: &mut Book, seq: i64, mut head: Head, prev: RowHash) {
        if !head.follows(&prev) {
            self.suspect(book, seq, head, prev);
        }
    }

    /// Takes a segment from anywhere in the chain.
    pub(super) fn insert(&mut self, book: &mut Book, opening: &RowHash, mut new: Segment) {
        if let Some(current) = self.current.take() {
            self.others.insert(current.first, current);
        }
        while let Some(other) = self.take_overlapping(&new) {
            new = self.overlay(new, other);
        }
        if new.first == 1 {
            self.check(book, opening, &mut new);
        }
        if let Some((&first, left)) = self.others.range(..new.first).next_back()
            && left.last == new.first - 1
            && let Some(left) = self.others.remove(&first)
        {
            new = self.join(book, left, new);
        }
        if let Some(right) = new.last.checked_add(1).and_then(|next| self.others.remove(&next)) {
            new = self.join(book, new, right);
        }
        self.settle(new);
    }

    /// Takes what another pass has seen of the same chain.
    pub(super) fn merge(&mut self, book: &mut Book, opening: &RowHash, other: Self) {
        let Parts { segments, suspects, doubled, .. } = other.into_parts();
        self.suspects.extend(suspects);
        self.doubled.merge(doubled);
        for segment in segments.into_values() {
            self.insert(book, opening, segment);
        }
    }

    pub(super) fn into_parts(self) -> Parts {
        let Self { id, current, mut others, suspects, doubled, .. } = self;
        others.extend(current.map(|current| (current.first, current)));
        Parts { id, segments: others, suspects, doubled }
    }

    /// Whether this can be the state of a chain, as far as nothing may overflow or go on for ever.
    pub(super) fn is_sound(&self) -> bool {
        self.id >= 1
            && self.current.iter().chain(self.others.values()).all(Segment::is_sound)
            && self.suspects.first_key_value().is_none_or(|(first, _)| *first >= 1)
            && self.doubled.is_sound()
    }

    /// The last row: chain, seq, stored hash.
    pub(super) fn head(&self) -> Option<(i32, i64, RowHash)> {
        let other = self.others.last_key_value().map(|(_, segment)| segment);
        let last = self.current.iter().chain(other).max_by_key(|segment| segment.last)?;
        Some((self.id, last.last, last.tail))
    }

    /// Makes a segment that touches no other the current one.
    fn settle(&mut self, segment: Segment) {
        let after = self.others.range(segment.last..).next();
        self.ceiling = after.map_or(i64::MAX, |(first, _)| *first);
        self.current = Some(segment);
    }

    /// Joins two neighbours.
    fn join(&mut self, book: &mut Book, left: Segment, mut right: Segment) -> Segment {
        self.check(book, &left.tail, &mut right);
        Segment { first: left.first, last: right.last, start: left.start, tail: right.tail }
    }

    /// Checks what a segment begins with, now that the hash before it is known.
    pub(super) fn check(&mut self, book: &mut Book, prev: &RowHash, segment: &mut Segment) {
        match std::mem::take(&mut segment.start) {
            Start::Checked => (),
            Start::Waiting(mut head) => {
                if !head.follows(prev) {
                    self.suspect(book, segment.first, head, *prev);
                }
            }
            Start::Unreadable => book.damage.before(self.id, segment.first, *prev),
            Start::Scar(before) if before == *prev => (),
            Start::Scar(before) => book.enter(rewritten(self.id, segment.first, before, *prev)),
        }
    }

    /// Sets a row aside to be judged at the end, or reports it at once if too many are waiting. Its line carries
    /// `prev`.
    #[cold]
    fn suspect(&mut self, book: &mut Book, seq: i64, mut head: Head, prev: RowHash) {
        if book.afford(head.size()) {
            self.suspects.insert(seq, Suspect { head, prev });
        } else {
            book.modified(self.id, seq, head.stored, head.hash());
            book.damage.row(self.id, seq, head.print(), Some(prev));
        }
    }

    fn take_overlapping(&mut self, new: &Segment) -> Option<Segment> {
        let (&first, other) = self.others.range(..=new.last).next_back()?;
        if other.overlaps(new) { self.others.remove(&first) } else { None }
    }

    /// Lays two segments with rows in common over each other and notes those rows.
    fn overlay(&mut self, a: Segment, b: Segment) -> Segment {
        let (early, late) = if a.first <= b.first { (a, b) } else { (b, a) };
        let (first, last) = (late.first, late.last.min(early.last));
        let links: Vec<RowHash> =
            [&early, &late].iter().filter(|s| s.last == last).map(|s| s.tail).collect();
        self.doubled.add(first, last, &links);
        let tail = match early.last.cmp(&late.last) {
            std::cmp::Ordering::Less => late.tail,
            std::cmp::Ordering::Equal => early.tail.min(late.tail),
            std::cmp::Ordering::Greater => early.tail,
        };
        // The head of the later one is a doubled row, of which nothing more will be said.
        Segment { first: early.first, last: early.last.max(late.last), start: early.start, tail }
    }
}

/// The chain before a scar is not what it was when that was acknowledged.
fn rewritten(chain: i32, first: i64, before: RowHash, now: RowHash) -> Finding {
    let what = match first - 1 {
        0 => format!("Chain {chain} does not begin"),
        last => format!("Chain {chain} does not come to its row {last}"),
    };
    Finding {
        chain: Some(chain),
        seq: Some(first - 1),
        kind: FindingKind::Modified,
        detail: format!(
            "{what} with the hash it had when it was acknowledged that row {first} is damaged: up to there it was \
             written anew."
        ),
        expected: Some(before.to_string()),
        actual: Some(now.to_string()),
    }
}
