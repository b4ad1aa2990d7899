//! `--key`, `--cosigned-by` and `--witnesses`: whose signatures a checkpoint must have.

use ledger::note::{KeyKind, VerifierKey};

use crate::keys::read_verifier_keys;
use crate::outcome::Failure;
use crate::signatures::RequiredKeys;
use crate::text::printable;

/// Whose signatures are required.
#[derive(Debug, clap::Args)]
pub struct SignatureOptions {
    /// A verifier key of the log, or a file of such keys, one a line. Without it, it is not checked
    /// who signed (may be repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    key: Vec<String>,

    /// A verifier key of a witness that must have cosigned, or a file of such keys (may be
    /// repeated)
    #[arg(long, value_name = "VKEY|FILE")]
    cosigned_by: Vec<String>,

    /// Only N of the witnesses must have cosigned, instead of all
    #[arg(long, value_name = "N", requires = "cosigned_by", value_parser = clap::value_parser!(u16).range(1..))]
    witnesses: Option<u16>,
}

impl SignatureOptions {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`Failure`] if a value is no key and no file with keys, if a key is of the wrong kind, or if more
    /// witnesses are required than there are.
    pub fn keys(&self) -> Result<RequiredKeys, Failure> {
        let log = read_verifier_keys(&self.key, "--key")?;
        let witnesses = read_verifier_keys(&self.cosigned_by, "--cosigned-by")?;
        if let Some(name) = name_of_other_kind(&log, KeyKind::Ed25519) {
            return Err(Failure::Usage(format!(
                "--key: {name} is the key of a witness; give it with --cosigned-by"
            )));
        }
        if let Some(name) = name_of_other_kind(&witnesses, KeyKind::CosignatureV1) {
            return Err(Failure::Usage(format!(
                "--cosigned-by: {name} is the key of a log; give it with --key"
            )));
        }
        let min_witnesses = self.witnesses.map_or(witnesses.len(), usize::from);
        if min_witnesses > witnesses.len() {
            return Err(Failure::Usage(format!(
                "--witnesses {min_witnesses}: there {} with --cosigned-by",
                match witnesses.len() {
                    1 => "is only 1 key".to_owned(),
                    n => format!("are only {n} keys"),
                }
            )));
        }
        Ok(RequiredKeys { log, witnesses, min_witnesses })
    }
}

fn name_of_other_kind(keys: &[VerifierKey], kind: KeyKind) -> Option<String> {
    let other = keys.iter().find(|key| key.kind() != kind)?;
    Some(printable(other.name().as_str()))
}
