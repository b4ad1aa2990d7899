//! `--receipt` and `--checkpoint`: rows of which the log's own signature says what they are.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger::Head;
use ledger::note::{Checkpoint, Expected, Note};
use ledger::tree::{Entry, Growth, MAX_SIZE, Run, TreeHash};

use crate::commands::receipt;
use crate::export::Heads;
use crate::files;
use crate::net::Roots;
use crate::options::SignatureOptions;
use crate::outcome::{Failure, Outcome, Report};
use crate::published::{
    Chains, ChainsError, Content, Fault, FaultKind, HighestRow, Leaf, Site, SiteAddress,
    SiteOptions, Tree, Unproven, Visitor, walk,
};
use crate::signatures::{RequiredKeys, Signatures};
use crate::store::{Location, S3Options};
use crate::text::without_psql_newline;

/// The most bytes of a note.
const MAX_NOTE_BYTES: u64 = 1 << 20;

/// How long a web server may take for one file.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a signature vouches for.
#[derive(Debug, clap::Args)]
pub(super) struct Vouching {
    /// A receipt of a row that must be there; needs --key, and counts only if that signed it (may be repeated)
    #[arg(long, value_name = "FILE", requires = "key")]
    receipt: Vec<PathBuf>,

    /// A checkpoint all of whose rows must be there; needs --key, and counts only if that signed it. Which rows these
    /// are, the published log says: see --published
    #[arg(long, value_name = "NOTE", requires = "key")]
    checkpoint: Option<PathBuf>,

    /// The published log that the checkpoint is of, if the note does not stand in it: a folder, https://…, http://…
    /// or s3://BUCKET/PREFIX
    #[arg(long, value_name = "DIR|URL", requires = "checkpoint")]
    published: Option<SiteAddress>,

    #[command(flatten)]
    signatures: SignatureOptions,
}

impl Vouching {
    /// Adds the rows that a signature vouches for.
    ///
    /// # Errors
    /// [`Failure`] if a file cannot be used, or the log has not signed it.
    pub(super) fn add_to(&self, heads: &mut Heads) -> Result<(), Failure> {
        let keys = self.signatures.keys()?;
        for path in &self.receipt {
            add_receipt(path, &keys, heads)?;
        }
        match &self.checkpoint {
            Some(path) => self.add_checkpoint(path, &keys, heads),
            None => Ok(()),
        }
    }

    fn add_checkpoint(
        &self,
        path: &Path,
        keys: &RequiredKeys,
        heads: &mut Heads,
    ) -> Result<(), Failure> {
        let checkpoint = signed(path, keys)?;
        let beside = path.parent().unwrap_or(Path::new("")).join("");
        let address = self.published.clone().unwrap_or_else(|| {
            let here = if beside.as_os_str().is_empty() { "./".into() } else { beside };
            SiteAddress::Store(Location::Folder(here))
        });
        let why = |why: &dyn Display| files::unreadable(path, why);
        let rows = rows_under(&address, &checkpoint).map_err(|error| why(&error))?;
        for HighestRow { opening, chain, seq, hash } in rows.heads() {
            let (Ok(chain), Ok(seq)) = (i32::try_from(chain), i64::try_from(seq)) else { continue };
            let head = Head { chain, seq, hash };
            heads.add_of_tree(opening, head).map_err(|error| why(&error))?;
        }
        Ok(())
    }
}

fn add_receipt(path: &Path, keys: &RequiredKeys, heads: &mut Heads) -> Result<(), Failure> {
    let why = |why: &dyn Display| files::unreadable(path, why);
    let text = files::read_text(path, receipt::MAX_BYTES)?;
    let checked = receipt::check(without_psql_newline(&text), &Expected::default(), keys)
        .map_err(|error| why(&error))?;
    match checked.row() {
        Some(row) if checked.outcome() == Outcome::Good => {
            let head = Head { chain: row.stamp.chain, seq: row.stamp.seq, hash: row.hash };
            heads.add_signed(row.opening.log, head).map_err(|error| why(&error))
        }
        _ => {
            let problems: Vec<String> = checked.problems().collect();
            Err(why(&format_args!("it vouches for nothing: {}", problems.join("; "))))
        }
    }
}

/// The checkpoint in a note, if the log has signed it.
fn signed(path: &Path, keys: &RequiredKeys) -> Result<Checkpoint, Failure> {
    let why = |why: &dyn Display| files::unreadable(path, why);
    let text = files::read_text(path, MAX_NOTE_BYTES)?;
    let no_checkpoint = |error: &dyn Display| why(&format_args!("it is no checkpoint: {error}"));
    let note: Note = without_psql_newline(&text).parse().map_err(|error| no_checkpoint(&error))?;
    let checkpoint = Checkpoint::of_note(&note).map_err(|error| no_checkpoint(&error))?;
    let signatures = Signatures::check(&note, &checkpoint.origin, keys);
    match signatures.problems.is_empty() {
        true => Ok(checkpoint),
        false => {
            Err(why(&format_args!("it vouches for nothing: {}", signatures.problems.join("; "))))
        }
    }
}

/// The rows under a checkpoint, as the published log shows and the root proves.
fn rows_under(address: &SiteAddress, checkpoint: &Checkpoint) -> Result<Chains, String> {
    let (roots, s3) = (Roots::system(), S3Options::default());
    let site = Site::open(address, &SiteOptions { roots, timeout: TIMEOUT, s3 })
        .map_err(|error| error.to_string())?;
    let number = checkpoint.origin.rsplit('/').next().unwrap_or_default();
    let published = read_published(&site, "")?.map(|found| (String::new(), found));
    let published = match published {
        Some(found) => Some(found),
        None => {
            let folder = format!("{number}/");
            read_published(&site, &folder)?.map(|found| (folder, found))
        }
    };
    let Some((folder, published)) = published else {
        return Err("a checkpoint alone names no row, and no published log is beside it: name the one that it is of \
                    with --published"
            .to_owned());
    };
    if published.size < checkpoint.size || published.size > MAX_SIZE {
        return Err(format!(
            "it is of {} entries, and {} are published",
            checkpoint.size, published.size
        ));
    }
    let tree = Tree::new(&site, &folder, published.size);
    Under::new(checkpoint).walk(tree, published.root)
}

/// The newest checkpoint that is published. Nobody's signature is needed: what is under it either leads to the signed
/// root or does not count.
fn read_published(site: &Site, folder: &str) -> Result<Option<Checkpoint>, String> {
    let name = format!("{folder}checkpoint");
    let content = site.read(&name, MAX_NOTE_BYTES as usize).map_err(|error| error.to_string())?;
    let bytes = match content {
        Content::Absent => return Ok(None),
        Content::Large => return Err(format!("{name} is too large for a checkpoint")),
        Content::Bytes(bytes) => bytes,
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not text in UTF-8"))?;
    let note: Note = text.parse().map_err(|error| format!("{name} is no checkpoint: {error}"))?;
    Checkpoint::of_note(&note)
        .map(Some)
        .map_err(|error| format!("{name} is no checkpoint: {error}"))
}

/// The leaves under a signed checkpoint.
struct Under {
    size: u64,
    root: TreeHash,
    growth: Growth,
    chains: Chains,
    too_many: Option<ChainsError>,
    wrong: Option<String>,
}

impl Under {
    fn new(checkpoint: &Checkpoint) -> Self {
        let Checkpoint { size, root, .. } = *checkpoint;
        let (growth, chains) = (Growth::new(), Chains::default());
        Self { size, root, growth, chains, too_many: None, wrong: None }
    }

    fn walk(mut self, tree: Tree<'_>, root: TreeHash) -> Result<Chains, String> {
        walk(tree, root, &mut self).map_err(|error| error.to_string())?;
        let Self { size, root, growth, chains, too_many, wrong } = self;
        if let Some(wrong) = wrong {
            return Err(format!("the published log is not what was signed: {wrong}"));
        }
        if growth.size() != size || growth.root() != root {
            return Err(
                "the published log is of another tree than the one that was signed".to_owned()
            );
        }
        too_many.map_or(Ok(chains), |error| Err(error.to_string()))
    }
}

impl Visitor for Under {
    fn leaf(&mut self, leaf: Leaf<'_>) {
        if leaf.index >= self.size {
            return;
        }
        self.growth.push(leaf.hash, &mut |_: Run<'_>| {});
        let entry = leaf.entry.and_then(|(bytes, _)| Entry::parse(bytes).ok());
        if let Some(Err(error)) = entry.map(|entry| self.chains.add(&entry)) {
            self.too_many = Some(error);
        }
    }

    /// A bundle that is not there vouches for none of its rows, and does no harm.
    fn fault(&mut self, fault: Fault) {
        if fault.kind != FaultKind::Missing {
            self.wrong.get_or_insert_with(|| fault.to_string());
        }
    }

    fn unproven(&mut self, leaves: Unproven) {
        let Unproven { path, first, last } = leaves;
        self.wrong
            .get_or_insert_with(|| format!("{path}: entries {first} to {last} cannot be proved"));
    }

    fn is_done(&self) -> bool {
        self.growth.size() >= self.size || self.wrong.is_some() || self.too_many.is_some()
    }
}
