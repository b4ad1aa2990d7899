//! `audit-immutable`: see the library, which is all of it.

use std::process::ExitCode;

fn main() -> ExitCode {
    auditor::run(std::env::args_os())
}
