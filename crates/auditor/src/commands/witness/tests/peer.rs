//! A witness as others run it: c2sp.org/tlog-witness over HTTP. That is spoken by hand, since it takes a few lines and
//! a server would be a dependency for this alone.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use ledger::{
    note::{Checkpoint, KeyKind, Note, SigningKey, VerifierKey},
    tree::{TreeHash, check_consistency},
};

/// What it remembers, and how it is to misbehave.
pub(super) struct State {
    pub(super) latest: HashMap<String, (u64, TreeHash)>,
    pub(super) requests: u32,
    /// An answer to every request instead of the right one.
    pub(super) answer: Option<(u16, String)>,
    /// It cosigns a text of its own.
    pub(super) forges: bool,
}

/// A running witness. It stops with the process.
#[derive(Clone)]
pub(super) struct Peer {
    address: SocketAddr,
    key: Arc<SigningKey>,
    pub(super) state: Arc<Mutex<State>>,
}

impl Peer {
    /// Starts a witness that knows one log, by these keys.
    pub(super) fn start(name: &str, log: Vec<VerifierKey>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let key = SigningKey::generate(name.parse().unwrap(), KeyKind::CosignatureV1).unwrap();
        let latest = HashMap::new();
        let state = State { latest, requests: 0, answer: None, forges: false };
        let address = listener.local_addr().unwrap();
        let peer = Self { address, key: Arc::new(key), state: Arc::new(Mutex::new(state)) };
        let serving = peer.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                serving.serve(stream.unwrap(), &log);
            }
        });
        peer
    }

    pub(super) fn url(&self) -> url::Url {
        format!("http://{}/witness/", self.address).parse().unwrap()
    }

    pub(super) fn key(&self) -> VerifierKey {
        self.key.verifier().clone()
    }

    /// One request, one answer.
    fn serve(&self, mut stream: TcpStream, log: &[VerifierKey]) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while reader.read_line(&mut head).unwrap() > 2 {}
        assert!(head.starts_with("POST /witness/add-checkpoint HTTP/1.1\r\n"), "{head}");
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
        });
        let mut body = vec![0; length.unwrap()];
        reader.read_exact(&mut body).unwrap();
        let (status, body) = self.add_checkpoint(&String::from_utf8(body).unwrap(), log);
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
    }

    fn add_checkpoint(&self, body: &str, log: &[VerifierKey]) -> (u16, String) {
        let mut state = self.state.lock().unwrap();
        state.requests += 1;
        if let Some(answer) = &state.answer {
            return answer.clone();
        }
        let nothing = |status| (status, String::new());
        let Some((head, note)) = body.split_once("\n\n") else { return nothing(400) };
        let mut lines = head.lines();
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).map(str::parse::<u64>);
        let Some(Ok(old)) = old else { return nothing(400) };
        let proof: Vec<TreeHash> = lines.map(|line| line.parse().unwrap()).collect();

        let note: Note = note.parse().unwrap();
        let Checkpoint { origin, size, root } = Checkpoint::of_note(&note).unwrap();
        if !log.iter().any(|key| key.name().as_str() == origin) {
            return nothing(404);
        }
        if note.verify(log).is_err() {
            return nothing(403);
        }
        if old > size {
            return nothing(400);
        }
        let (known, known_root) =
            state.latest.get(&origin).copied().unwrap_or((0, TreeHash::EMPTY));
        if old != known {
            return (409, format!("{known}\n"));
        }
        if check_consistency(old, known_root, size, root, &proof).is_err() {
            return (422, "not consistent".to_owned());
        }
        let signed = match state.forges {
            true => {
                format!("{}of another\n", note.text()).parse().unwrap_or_else(|_| forged(&note))
            }
            false => note.clone(),
        };
        state.latest.insert(origin, (size, root));
        (200, format!("{}\n", self.key.cosign(&signed, 1_700_000_000).unwrap()))
    }
}

/// The note with another text.
fn forged(note: &Note) -> Note {
    let text = format!("{}another line\n", note.text());
    Note::new(text, note.signatures()[0].clone()).unwrap()
}
