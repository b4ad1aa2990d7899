//! The commands: each file or folder has what the command is given, what it does, and what it prints.

pub mod verify;

pub mod check;
pub mod checkpoint;
pub mod receipt;

pub mod keygen;
pub mod vkey;

pub mod monitor;
pub mod publish;
pub mod witness;
