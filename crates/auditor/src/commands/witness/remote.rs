//! Other witnesses, asked over HTTP for their cosignatures (c2sp.org/tlog-witness, `add-checkpoint`).

use ledger::{
    note::{Note, Signature, VerifierKey, VerifyError},
    tree::TreeHash,
};
use ureq::http::Request;
use url::Url;

use crate::{
    follow::TreeState,
    log::{Log, LogError},
    net::{HttpClient, HttpError, Response},
};

/// How often a witness is asked when each time it says that it has cosigned another size.
const MAX_TRIES: u32 = 4;
/// The most hashes in a proof, by c2sp.org/tlog-witness.
const MAX_PROOF_HASHES: usize = 63;
/// How much of a witness's message is repeated.
const MAX_MESSAGE_CHARS: usize = 200;

/// A witness that others run.
#[derive(Clone, Debug)]
pub struct Remote {
    url: Url,
    http: HttpClient,
    keys: Vec<VerifierKey>,
}

impl Remote {
    /// The witness whose submission prefix is `url`, and which has one of `keys`.
    pub fn new(url: Url, http: HttpClient, keys: Vec<VerifierKey>) -> Self {
        Self { url, http, keys }
    }

    /// Its submission prefix.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Asks for cosignatures of `note`, the checkpoint of the state `at`. The witness is thought to have cosigned
    /// `seen` leaves of this incarnation; `log` gives the proof from there, or from the size that the witness names.
    ///
    /// # Errors
    /// See [`RemoteError`].
    pub fn cosign(
        &self,
        at: TreeState,
        note: &Note,
        seen: u64,
        log: &mut dyn Log,
    ) -> Result<Vec<Signature>, RemoteError> {
        let mut old = seen;
        for _ in 0..MAX_TRIES {
            let proof = match old {
                0 => Vec::new(),
                _ if old == at.size => Vec::new(),
                _ => {
                    log.consistency_proof(at.incarnation, old, at.size).map_err(RemoteError::Log)?
                }
            };
            let response = self.add_checkpoint(old, &proof, note)?;
            match response.status {
                200 => return self.cosignatures(note, &response),
                409 => old = cosigned_size(&response)?,
                422 => return Err(RemoteError::Split(message(&response))),
                404 => return Err(RemoteError::UnknownLog),
                403 => return Err(RemoteError::UnknownKey),
                status => return Err(RemoteError::Status { status, message: message(&response) }),
            }
            if old > at.size {
                return Err(RemoteError::Ahead(old));
            }
        }
        Err(RemoteError::AlwaysAnotherSize)
    }

    fn add_checkpoint(
        &self,
        old: u64,
        proof: &[TreeHash],
        note: &Note,
    ) -> Result<Response, RemoteError> {
        if proof.len() > MAX_PROOF_HASHES {
            let length = proof.len();
            return Err(RemoteError::Log(LogError::Refused(format!("a proof of {length} hashes"))));
        }
        let proof: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
        let body = format!("old {old}\n{proof}\n{note}");
        let uri = format!("{}/add-checkpoint", self.url.as_str().trim_end_matches('/'));
        let request = Request::post(uri)
            .header("content-type", "text/plain; charset=utf-8")
            .body(body.as_bytes())
            .map_err(|error| RemoteError::Url(error.to_string()))?;
        self.http.send(request).map_err(RemoteError::Http)
    }

    /// The cosignatures in a response that are of the witness's keys, all of them good.
    fn cosignatures(
        &self,
        note: &Note,
        response: &Response,
    ) -> Result<Vec<Signature>, RemoteError> {
        let text = format!("{}\n{}", note.text(), response.text());
        let note: Note = text.parse().map_err(|_| RemoteError::NoCosignature)?;
        let verified = note.verify(&self.keys).map_err(|error| match error {
            VerifyError::Bad(name) => RemoteError::BadCosignature(name.to_string()),
            VerifyError::NoneKnown => RemoteError::NoCosignature,
        })?;
        // Without a time, it does not say that this is the largest tree.
        if let Some(timeless) = verified.iter().find(|by| by.time.is_none_or(|time| time == 0)) {
            return Err(RemoteError::BadCosignature(timeless.key.name().to_string()));
        }
        let of_witness = |signature: &&Signature| {
            let is_of =
                |key: &VerifierKey| (key.name(), key.id()) == (&signature.name, signature.key_id);
            self.keys.iter().any(is_of)
        };
        Ok(note.signatures().iter().filter(of_witness).cloned().collect())
    }
}

/// The size that the witness has cosigned, in the body of a 409.
fn cosigned_size(response: &Response) -> Result<u64, RemoteError> {
    let text = response.text();
    let size = text.strip_suffix('\n').unwrap_or(&text);
    let number = size.parse().ok().filter(|number: &u64| number.to_string() == size);
    number.ok_or_else(|| RemoteError::Status { status: 409, message: message(response) })
}

/// The first line of a response, cut short.
fn message(response: &Response) -> String {
    let text = response.text();
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(MAX_MESSAGE_CHARS).collect::<String>().trim().to_owned()
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// There was no response.
    #[error("it cannot be reached: {0}")]
    Http(HttpError),
    /// The address cannot be asked.
    #[error("its address cannot be used: {0}")]
    Url(String),
    /// It has cosigned a larger tree than the one it was shown.
    #[error("it has cosigned {0} entries already")]
    Ahead(u64),
    /// It says that what it has cosigned is not the beginning of what it was shown.
    #[error("it has cosigned another history: {0}")]
    Split(String),
    /// It does not know the log.
    #[error("it does not know this log (404): its operator has to add the origin and the log key")]
    UnknownLog,
    /// It knows the log by another key.
    #[error("it does not accept the log key's signature (403): its operator has to add the key")]
    UnknownKey,
    /// It answers something else.
    #[error("it answers {status} {message}")]
    Status {
        /// The status.
        status: u16,
        /// Its message.
        message: String,
    },
    /// It answers without a cosignature of a known key.
    #[error("it answers without a cosignature of a key given by --witness-key")]
    NoCosignature,
    /// Its cosignature is not good.
    #[error("its cosignature by {0} is not good")]
    BadCosignature(String),
    /// It named another size each time it was asked.
    #[error("it says each time that it has cosigned another size")]
    AlwaysAnotherSize,
    /// The server does not give the proof that the witness needs.
    #[error("the server gives no proof for it: {0}")]
    Log(LogError),
}
