//! The checks, from the network inwards. Each has its query in `sql/queries/posture`, under its name.

mod kept;
mod logged;
mod reach;
mod roles;
mod tls;

use super::check::Check;

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Check> {
    [reach::CHECKS, tls::CHECKS, logged::CHECKS, roles::CHECKS, kept::CHECKS].into_iter().flatten()
}
