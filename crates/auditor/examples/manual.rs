//! Writes the manual pages and the shells' completions into a directory, as packages have them:
//!
//! ```text
//! manual DIRECTORY      DIRECTORY/man1/*.1, DIRECTORY/{bash,zsh,fish}/…
//! ```

use std::path::Path;
use std::{env, fs, io};

use auditor::cli::Cli;
use clap::CommandFactory;
use clap_complete::Shell;

fn main() -> io::Result<()> {
    let Some(directory) = env::args_os().nth(1) else {
        return Err(io::Error::other("usage: manual DIRECTORY"));
    };
    let directory = Path::new(&directory);
    pages(&directory.join("man1"))?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let folder = directory.join(shell.to_string());
        fs::create_dir_all(&folder)?;
        clap_complete::generate_to(shell, &mut Cli::command(), "audit-immutable", folder)?;
    }
    Ok(())
}

/// A page for the command, and one for each of its commands.
fn pages(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // Without the command `help`, which a manual page has no use for.
    clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), folder)
}
