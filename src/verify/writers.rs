//! Whether the session is there that a row says it was written by.

use std::collections::HashMap;

use super::retired;
use crate::log::opening;
use crate::log::plan::Plan;
use crate::stamp::session::{self, Written};

/// So many sessions are remembered; an application may have one for each of its requests.
const MOST: usize = 4096;

/// A clock may be set back while a session writes, and what was stamped so stays. By more than a day it is not.
const A_DAY: i64 = 86_400_000_000;

/// The sessions that the rows of a log name.
pub(super) struct Writers {
    known: HashMap<i64, Written>,
    /// Rows that follow each other often name the same.
    last: Option<(i64, Written)>,
    /// The log was another database's until then: so were the sessions.
    imported: i64,
    is_own: bool,
}

impl Writers {
    /// Those of a log.
    pub(super) fn of(plan: &Plan) -> Writers {
        let log = plan.armed.as_ref().map(|armed| armed.log.clone()).or_else(|| retired::log(plan));
        let imported = log.and_then(|log| opening::imported(&log)).unwrap_or(i64::MIN);
        Writers { known: HashMap::new(), last: None, imported, is_own: plan.own.is_some() }
    }

    /// What is wrong with the session of a row stamped at `at`, in a sentence.
    pub(super) fn trouble(&mut self, session: i64, at: i64) -> Option<String> {
        if at < self.imported || self.is_own && session == session::SERVER || session < 0 {
            return None; // a negative one cannot have been stamped, and that is said
        }
        let written = match self.last {
            Some((last, written)) if last == session => written,
            _ => self.looked_up(session),
        };
        self.last = Some((session, written));
        match written {
            Written::Nowhere => Some(format!(
                "It was written by session {session}, which audit_immutable.session does not have."
            )),
            Written::At(then) if is_a_time(at) && then.saturating_sub(at) > A_DAY => Some(format!(
                "It was written by session {session}, whose row in audit_immutable.session is more than a day younger."
            )),
            Written::At(_) | Written::Unknown => None,
        }
    }

    fn looked_up(&mut self, session: i64) -> Written {
        if let Some(written) = self.known.get(&session) {
            return *written;
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let written = session::written(session);
        self.known.insert(session, written);
        written
    }
}

/// Whether a row can have been stamped then: what is infinite was changed, and that is said.
fn is_a_time(at: i64) -> bool {
    at != i64::MIN && at != i64::MAX
}
