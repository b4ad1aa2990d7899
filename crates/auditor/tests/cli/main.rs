//! The command as its users have it: files in, text and exit code out.

#![allow(clippy::unwrap_used)]

mod altered;
mod cases;
mod checkpoint;
mod damage;
mod gaps;
mod keys;
mod limits;
mod make;
mod receipt;
mod verify;
mod vouching;
mod witness;

use std::fs;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A directory with files, in which the command is run.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A directory with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, content);
        folder
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// Runs the command with the arguments that stand in `args`, with spaces between them.
    pub(crate) fn output(&self, args: &str, input: &[u8]) -> Output {
        let mut command = Command::cargo_bin("audit-immutable").unwrap();
        command.current_dir(self.0.path()).args(args.split_whitespace()).write_stdin(input);
        command.output().unwrap()
    }

    /// What the command says, and how it ends.
    pub(crate) fn run(&self, args: &str) -> String {
        self.run_with(args, b"")
    }

    pub(crate) fn run_with(&self, args: &str, input: &[u8]) -> String {
        let output = self.output(args, input);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(!err.contains("panicked"), "{err}");
        format!("{err}{out}exit {}", output.status.code().unwrap())
    }
}
