//! Where a published log is read from: a folder, a web server or a bucket.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use ureq::http::Request;
use url::Url;

use crate::net::{HttpClient, HttpError, Roots};
use crate::store::{Location, LocationError, Name, NameError, S3Error, S3Options, S3Store, Store};
use crate::text::{printable, reason};

/// The times between the tries of a request to a web server that is only busy.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Where a published log is: a folder, `https://…`, `http://…` or `s3://BUCKET/PREFIX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteAddress {
    /// A web server. The path ends with a slash.
    Web(Url),
    /// A folder or a bucket.
    Store(Location),
}

/// How a site is reached.
#[derive(Clone, Debug)]
pub struct SiteOptions {
    /// The authorities that sign a web server's certificate.
    pub roots: Roots,
    /// How long a request to a web server may take.
    pub timeout: Duration,
    /// Of a bucket.
    pub s3: S3Options,
}

/// What a site has under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Absent,
    /// More bytes than there can be in such a file.
    Large,
    /// A file.
    Bytes(Vec<u8>),
}

/// A place from which files are read by their names.
pub struct Site {
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Web { http: HttpClient, base: Url },
    Bucket(Box<S3Store>),
}

impl Site {
    /// The site at an address. Whether there is anything, [`read`](Self::read) tells.
    ///
    /// # Errors
    /// [`SiteError`] if there is no such folder, or the bucket cannot be addressed.
    pub fn open(address: &SiteAddress, options: &SiteOptions) -> Result<Self, SiteError> {
        let place = match address {
            SiteAddress::Web(url) => {
                let http = HttpClient::new(&options.roots, options.timeout);
                Place::Web { http, base: url.clone() }
            }
            SiteAddress::Store(Location::Folder(folder)) => {
                let about = fs::metadata(folder).map_err(io_error(folder))?;
                if !about.is_dir() {
                    return Err(SiteError::NotFolder(folder.clone()));
                }
                Place::Folder(folder.clone())
            }
            SiteAddress::Store(Location::Bucket { bucket, prefix }) => Place::Bucket(Box::new(
                S3Store::open(bucket, prefix.clone(), &options.s3, &options.roots)?,
            )),
        };
        Ok(Self { place })
    }

    /// The bytes of a file, if they are at most `max_bytes`.
    ///
    /// # Errors
    /// [`SiteError`] when it cannot be told.
    pub fn read(&self, path: &str, max_bytes: usize) -> Result<Content, SiteError> {
        // All paths are made here; a name that leads elsewhere is none.
        let name: Name = path.parse()?;
        match &self.place {
            Place::Folder(folder) => read_file(&folder.join(name.as_str()), max_bytes),
            Place::Web { http, base } => {
                let url = base.join(name.as_str()).map_err(|_| NameError::of(path))?;
                get(http, &url, max_bytes)
            }
            Place::Bucket(bucket) => {
                let bytes =
                    bucket.read(&name).map_err(|error| SiteError::Bucket(error.to_string()))?;
                Ok(bytes.map_or(Content::Absent, |bytes| Content::of(bytes, max_bytes)))
            }
        }
    }
}

impl Content {
    fn of(bytes: Vec<u8>, max_bytes: usize) -> Self {
        if bytes.len() > max_bytes { Self::Large } else { Self::Bytes(bytes) }
    }
}

fn read_file(path: &Path, max_bytes: usize) -> Result<Content, SiteError> {
    match fs::metadata(path) {
        // Opening a pipe would wait for ever, and a device has no end.
        Ok(about) if !about.is_file() => return Err(SiteError::NotFile(path.to_owned())),
        Ok(_) => {}
        Err(error) if is_absence(&error) => return Ok(Content::Absent),
        Err(error) => return Err(io_error(path)(error)),
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io_error(path))?;
    file.take(max_bytes as u64 + 1).read_to_end(&mut bytes).map_err(io_error(path))?;
    Ok(Content::of(bytes, max_bytes))
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> SiteError {
    let path = path.to_owned();
    move |source| SiteError::Io { path, source }
}

fn get(http: &HttpClient, url: &Url, max_bytes: usize) -> Result<Content, SiteError> {
    let mut delays = RETRY_DELAYS.iter();
    let response = loop {
        let request = Request::get(url.as_str()).body(&[][..]).map_err(|error| {
            SiteError::Request { url: url.to_string(), reason: error.to_string() }
        })?;
        // One byte more, so that a file of just as many is none too large.
        let response = match http.send_for(request, max_bytes as u64 + 1) {
            Ok(response) => response,
            Err(HttpError::Large) => return Ok(Content::Large),
            Err(source) => return Err(SiteError::Http { url: url.to_string(), source }),
        };
        match delays.next() {
            Some(delay) if matches!(response.status, 429 | 502 | 503 | 504) => {
                thread::sleep(*delay)
            }
            _ => break response,
        }
    };
    match response.status {
        200 => Ok(Content::of(response.body, max_bytes)),
        404 | 410 => Ok(Content::Absent),
        status @ 300..=399 => {
            let to = response.header("location").unwrap_or("nowhere");
            Err(SiteError::Redirect { url: url.to_string(), status, to: printable(to) })
        }
        status => Err(SiteError::Status { url: url.to_string(), status }),
    }
}

impl FromStr for SiteAddress {
    type Err = SiteAddressError;

    fn from_str(text: &str) -> Result<Self, SiteAddressError> {
        if !(text.starts_with("https://") || text.starts_with("http://")) {
            return Ok(Self::Store(text.parse()?));
        }
        let mut url: Url = text.parse()?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(SiteAddressError::Query);
        }
        // It would be in every message.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SiteAddressError::User);
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self::Web(url))
    }
}

/// Why text is no [`SiteAddress`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteAddressError {
    /// It is no URL.
    #[error("it is no URL: {0}")]
    Url(#[from] url::ParseError),
    /// It has a query or a fragment, behind which no path can stand.
    #[error("the address of a published log has no ? and no #")]
    Query,
    /// It has a user or a password.
    #[error("the address of a published log has no user and no password")]
    User,
    /// It is no folder and no bucket.
    #[error(transparent)]
    Location(#[from] LocationError),
}

/// Why a file cannot be read from a site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder is none.
    #[error("{} is no folder", .0.display())]
    NotFolder(PathBuf),
    /// What should be a file is a folder, a pipe or a device.
    #[error("{} is no file", .0.display())]
    NotFile(PathBuf),
    /// The operating system refuses.
    #[error("{}: {}", path.display(), reason(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The name is none that a site can have.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No request can be made of the address.
    #[error("{url} cannot be asked for: {reason}")]
    Request {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// There is no response, or one that is too large.
    #[error("{url}: {source}")]
    Http {
        /// The address.
        url: String,
        /// Why not.
        source: HttpError,
    },
    /// The server says that it is elsewhere.
    #[error(
        "{url}: the server answers {status} and leads to {to}, which is not followed: give the address where the log is"
    )]
    Redirect {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// Where it leads.
        to: String,
    },
    /// The server refuses.
    #[error("{url}: the server answers {status}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The bucket cannot be opened.
    #[error(transparent)]
    S3(#[from] S3Error),
    /// The bucket cannot be read.
    #[error("{0}")]
    Bucket(String),
}
