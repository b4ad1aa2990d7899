//! `--to` and what belongs to it: where evidence is kept.

use url::Url;

use crate::net::Roots;
use crate::outcome::Failure;
use crate::store::{FolderStore, Location, Mode, Retention, S3Error, S3Options, S3Store, Store};

/// The store.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreOptions {
    /// Where to write: a folder, or s3://BUCKET/PREFIX with credentials from $AWS_ACCESS_KEY_ID,
    /// $AWS_SECRET_ACCESS_KEY and, if there is one, $AWS_SESSION_TOKEN
    #[arg(long, value_name = "DIR|s3://BUCKET/PREFIX")]
    to: Location,

    /// The service to use instead of Amazon's
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<Url>,

    /// The bucket's region, if not $AWS_REGION or us-east-1
    #[arg(long, value_name = "REGION")]
    s3_region: Option<String>,

    /// Lock each object in the bucket against deletion (Object Lock); this is compliance or governance
    #[arg(long, value_name = "MODE", requires = "retain_days")]
    retain_mode: Option<Mode>,

    /// For so many days
    #[arg(long, value_name = "N", requires = "retain_mode")]
    retain_days: Option<u32>,
}

impl StoreOptions {
    /// Opens the store.
    ///
    /// # Errors
    /// [`Failure`] if the options do not go together, or the store cannot be opened.
    pub fn open(&self, roots: &Roots) -> Result<Box<dyn Store>, Failure> {
        let retention = match (self.retain_mode, self.retain_days) {
            (Some(mode), Some(days)) => Some(Retention::new(mode, days).map_err(s3_failure)?),
            _ => None,
        };
        match &self.to {
            Location::Folder(_) if retention.is_some() => Err(Failure::Usage(
                "--retain-mode is for buckets: nothing keeps the owner of a folder from deleting in it"
                    .to_owned(),
            )),
            Location::Folder(folder) => {
                let store = FolderStore::open(folder);
                Ok(Box::new(store.map_err(|error| Failure::Unreadable(error.to_string()))?))
            }
            Location::Bucket { bucket, prefix } => {
                let (endpoint, region) = (self.s3_endpoint.clone(), self.s3_region.clone());
                let options = S3Options { endpoint, region, retention };
                let store = S3Store::open(bucket, prefix.clone(), &options, roots);
                Ok(Box::new(store.map_err(s3_failure)?))
            }
        }
    }
}

fn s3_failure(error: S3Error) -> Failure {
    match error {
        S3Error::Days(_) | S3Error::PlainText(_) => Failure::Usage(error.to_string()),
        _ => Failure::Unreadable(error.to_string()),
    }
}
