//! A pass as bytes, so that parallel workers can hand theirs over.

use std::{error, fmt};

use serde::{Deserialize, Serialize};

use super::Chains;
use super::book::{Book, Keep};
use super::chain::Chain;
use super::scars::Scars;
use crate::RowHash;

/// What is handed over.
#[derive(Serialize, Deserialize)]
struct State<C> {
    opening: RowHash,
    rows: u64,
    book: Book,
    chains: C,
    scars: Scars,
}

impl Chains {
    /// The pass as bytes, for [`from_bytes`](Self::from_bytes) of the same version of this crate.
    #[expect(clippy::expect_used, reason = "strings, numbers and integer keys always make JSON")]
    pub fn to_bytes(&mut self) -> Vec<u8> {
        self.check_all();
        let Self { opening, rows, book, chains, scars, .. } = self;
        let (book, scars) = (book.clone(), scars.clone());
        let state = State { opening: *opening, rows: *rows, book, chains, scars };
        serde_json::to_vec(&state).expect("a state makes JSON")
    }

    /// The pass that [`to_bytes`](Self::to_bytes) made bytes of.
    ///
    /// # Errors
    /// [`StateError`] if the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StateError> {
        let State::<Vec<Chain>> { opening, rows, book, chains, scars } =
            serde_json::from_slice(bytes).map_err(|error| StateError(error.to_string()))?;
        let mut pass = Self { rows, book, scars: scars.sound(), ..Self::new(opening, Keep::First) };
        // Fed in anew rather than believed: what a chain relies on holds again whatever the bytes say.
        for theirs in chains {
            if !theirs.is_sound() {
                return Err(StateError(format!("chain {} is not one", theirs.id)));
            }
            let (chain, book) = pass.chain(theirs.id);
            chain.merge(book, &opening, theirs);
        }
        Ok(pass)
    }
}

/// Bytes that are no state of a verification pass; with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError(String);

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state of a verification cannot be read: {}", self.0)
    }
}

impl error::Error for StateError {}
