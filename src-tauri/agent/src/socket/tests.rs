use std::sync::Arc;

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    sync::broadcast,
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    api::{Changed, ErrorCode, Purge, RecordId, Request},
    config::Paths,
    lock::DataDirLock,
};

struct Counting(broadcast::Sender<Event>);

impl Answer for Counting {
    async fn answer(&self, request: Request) -> Result<Response, ApiError> {
        match request {
            Request::QuarantineRestore { ids } => {
                let count = ids.len() as u64;
                let _ = self.0.send(Event::Restored { account: "home".to_owned(), count });
                Ok(Response::Changed(Changed { done: count, ..Changed::default() }))
            }
            _ => Err(ApiError::new(ErrorCode::NotNow, "only restore here")),
        }
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

struct Agent {
    paths: Paths,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    _lock: DataDirLock,
    _folder: tempfile::TempDir,
}

fn agent(below: &str) -> Agent {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths = Paths { config: PathBuf::new(), data_dir: folder.path().join(below) };
    paths.make_data_dir().expect("a data directory");
    std::fs::write(paths.socket(), "left over").expect("a stale file");
    let lock = DataDirLock::acquire(&paths).expect("the lock");
    let listener = listen(&paths, &lock).expect("a stale file is replaced");
    let stop = CancellationToken::new();
    let (events, _) = broadcast::channel(8);
    let task = tokio::spawn(serve(listener, Arc::new(Counting(events)), stop.clone()));
    Agent { paths, stop, task, _lock: lock, _folder: folder }
}

fn restore(names: &[&str]) -> Request {
    Request::QuarantineRestore { ids: names.iter().map(|name| RecordId((*name).to_owned())).collect() }
}

#[tokio::test]
async fn several_requests_go_over_one_connection() {
    let agent = agent("data");
    let mut connection = Connection::open(&agent.paths.socket()).await.expect("it listens");
    for names in [&["a"][..], &["a", "b"]] {
        let answer = connection.ask(restore(names)).await.expect("it answers");
        let expected = Response::Changed(Changed { done: names.len() as u64, ..Changed::default() });
        assert_eq!(answer, expected, "{names:?}");
    }
    match connection.ask(Request::QuarantinePurge { which: Purge::OlderThan(5) }).await {
        Err(AskError::Refused(error)) => assert_eq!(error.code, ErrorCode::NotNow, "the agent's own error"),
        other => panic!("refused requests are errors: {other:?}"),
    }
}

#[tokio::test]
async fn subscribers_hear_what_happens() {
    let agent = agent("data");
    let mut subscriber = Connection::open(&agent.paths.socket()).await.expect("it listens");
    assert_eq!(subscriber.ask(Request::Subscribe).await.expect("accepted"), Response::Accepted, "subscribed");
    ask(&agent.paths.socket(), restore(&["a"])).await.expect("it answers");
    let event = subscriber.event().await.expect("an event");
    assert_eq!(event, Event::Restored { account: "home".to_owned(), count: 1 }, "what the other client did");
    agent.stop.cancel();
    assert!(matches!(subscriber.event().await, Err(AskError::Ended)), "the end is told");
    agent.task.await.expect("it ends cleanly");
}

#[tokio::test]
async fn nonsense_is_answered_and_the_next_request_works() {
    let agent = agent("data");
    let mut stream = UnixStream::connect(agent.paths.socket()).await.expect("it listens");
    stream.write_all(b"\xff\x00 nonsense\n{\"unheard\":1}\n\"status\"\n").await.expect("written");
    let mut lines = tokio::io::BufReader::new(stream).lines();
    for expected in ["bad_request", "bad_request", "not_now"] {
        let line = lines.next_line().await.expect("read").expect("an answer");
        assert!(line.contains(expected), "{line} is {expected}");
    }
}

#[tokio::test]
async fn an_endless_line_is_cut() {
    let agent = agent("data");
    let mut stream = UnixStream::connect(agent.paths.socket()).await.expect("it listens");
    let (from, mut to) = stream.split();
    let endless = vec![b'a'; LONGEST_REQUEST + 4096];
    // The agent stops reading and may close before all is written.
    let _ = to.write_all(&endless).await;
    let mut line = String::new();
    let read = tokio::io::BufReader::new(from).read_line(&mut line).await;
    assert!(read.is_err() || line.contains("too long"), "the agent says so or is gone: {line}");
}

#[tokio::test]
async fn long_paths_and_private_sockets() {
    use std::os::unix::fs::PermissionsExt as _;

    let agent = agent(&"folder-with-a-long-name/".repeat(8));
    let path = agent.paths.socket();
    assert!(path.as_os_str().len() > 108, "longer than a socket address");
    ask(&path, restore(&["a"])).await.expect("it answers all the same");
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may ask");
}

#[tokio::test]
async fn without_an_agent_the_error_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("agent.sock");
    assert!(matches!(ask(&path, Request::Status).await, Err(AskError::NotRunning { .. })), "no socket");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("bound"));
    assert!(matches!(ask(&path, Request::Status).await, Err(AskError::NotRunning { .. })), "a stale socket");
}
