//! Whether rows, and the evidence of them, are kept.

use crate::posture::check::{Ask, Check, capped};
use crate::posture::need::{Need, SETTINGS};

const CHECKPOINTS: &[Need] = &[
    SETTINGS,
    Need::Select("audit_immutable.checkpoint_time"),
    Need::Select("audit_immutable.session"),
];

pub(super) const CHECKS: &[Check] = &[
    Check {
        item: "fsync",
        right: "commits are on disk",
        reference: "CIS 6.4",
        needs: &[],
        ask: Ask::Query(capped!("fsync")),
    },
    Check {
        item: "full_page_writes",
        right: "half-written pages can be mended",
        reference: "CIS 6.4",
        needs: &[],
        ask: Ask::Query(capped!("full_page_writes")),
    },
    Check {
        item: "synchronous_commit",
        right: "commits are on disk when they say so",
        reference: "CIS 6.6",
        needs: &[],
        ask: Ask::Query(capped!("synchronous_commit")),
    },
    Check {
        item: "wal_level",
        right: "standbys and restores to a point in time are possible",
        reference: "CIS 7.4",
        needs: &[],
        ask: Ask::Query(capped!("wal_level")),
    },
    Check {
        item: "archive_mode",
        right: "the write-ahead log is archived",
        reference: "CIS 7.4",
        needs: &[],
        ask: Ask::Query(capped!("archive_mode")),
    },
    Check {
        item: "archive_command",
        right: "the archive gets what is due",
        reference: "CIS 7.4",
        needs: &[],
        ask: Ask::Query(capped!("archive_command")),
    },
    Check {
        item: "data_checksums",
        right: "damaged pages are noticed",
        reference: "",
        needs: &[],
        ask: Ask::Query(capped!("data_checksums")),
    },
    Check {
        item: "damage_ignored",
        right: "no setting hides damage",
        reference: "CIS 6.5",
        needs: &[],
        ask: Ask::Query(capped!("damage_ignored")),
    },
    Check {
        item: "preload",
        right: "the library is preloaded",
        reference: "CD16-00-000400",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("preload")),
    },
    Check {
        item: "signing_key",
        right: "checkpoints can be signed",
        reference: "CD16-00-000400",
        needs: &[SETTINGS],
        ask: Ask::Query(capped!("signing_key")),
    },
    Check {
        item: "checkpoint_interval",
        right: "checkpoints are made by themselves",
        reference: "CD16-00-000400",
        needs: &[],
        ask: Ask::Query(capped!("checkpoint_interval")),
    },
    Check {
        item: "checkpoint_age",
        right: "the last checkpoint has what was written",
        reference: "CD16-00-000400",
        needs: CHECKPOINTS,
        ask: Ask::Query(capped!("checkpoint_age")),
    },
];
