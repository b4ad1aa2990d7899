//! Lists of which only the beginning is kept, so that a file with millions of findings takes no more memory.

/// How many there are of something, and the first of them.
#[derive(Clone, Debug)]
pub struct Kept<T> {
    /// How many there are.
    pub count: u64,
    /// The first ones.
    pub first: Vec<T>,
    max: usize,
}

impl<T> Kept<T> {
    /// None yet; at most `max` are to be kept.
    pub fn new(max: usize) -> Self {
        Self { count: 0, first: Vec::new(), max }
    }

    /// Adds one, which is only made if it is kept.
    pub fn add(&mut self, one: impl FnOnce() -> T) {
        self.count += 1;
        if self.first.len() < self.max {
            self.first.push(one());
        }
    }
}
