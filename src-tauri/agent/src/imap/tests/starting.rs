//! From TCP to TLS: what is refused, and in which words (faults F11, F12, F14, F15).

use std::{path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::script::{Step, ada, ask, deadlines, perform, say, sign_in};
use crate::imap::{CertificateFault, Connection, FailureClass, ImapError, Security, Server};

/// A certificate authority, its PEM file, and a server certificate of its.
struct Authority {
    directory: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no names are good names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a root").pem();
        let directory = TempDir::new().expect("a directory");
        std::fs::write(directory.path().join("ca.pem"), pem).expect("it can be written");
        Self { directory, issuer: Issuer::new(params, key) }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    fn acceptor(&self, name: &str, from: i32, to: i32) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key of the usual kind");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("they fit");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A listener on loopback that serves one connection so.
async fn listen<F>(serve: impl FnOnce(TcpStream) -> F + Send + 'static) -> (u16, JoinHandle<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it has one").port();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("somebody comes");
        serve(stream).await;
    });
    (port, served)
}

async fn open(port: u16, security: Security, ca_file: Option<PathBuf>) -> Result<Connection, ImapError> {
    let server = Server { host: "localhost".to_owned(), port, security, ca_file };
    Connection::open(&server, &ada(), deadlines()).await
}

#[tokio::test]
async fn certificates_are_checked_and_faults_named() {
    let (ours, foreign) = (Authority::new("ours"), Authority::new("foreign"));
    let cases = [
        ("a good one", ours.acceptor("localhost", 2000, 2100), None),
        ("of last year", ours.acceptor("localhost", 2000, 2001), Some(CertificateFault::Expired)),
        ("of the future", ours.acceptor("localhost", 2090, 2100), Some(CertificateFault::NotYetValid)),
        ("of another host", ours.acceptor("mail.example.org", 2000, 2100), Some(CertificateFault::WrongName)),
        ("of a stranger", foreign.acceptor("localhost", 2000, 2100), Some(CertificateFault::UnknownIssuer)),
    ];
    for (what, acceptor, expected) in cases {
        let (port, served) = listen(|stream| async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                perform(&mut stream, sign_in("")).await;
            }
        })
        .await;
        let outcome = open(port, Security::Tls, Some(ours.file())).await;
        match (expected, outcome) {
            (None, Ok(connection)) => {
                let traffic = connection.traffic();
                assert!(traffic.received() > 50 && traffic.sent() > 20, "bytes are counted: {traffic:?}");
            }
            (Some(expected), Err(error @ ImapError::Certificate { .. })) => {
                assert_eq!(error.class(), FailureClass::Wait, "{what}: a captive portal goes away by itself");
                let ImapError::Certificate { fault, .. } = error else { unreachable!() };
                assert_eq!(fault, expected, "{what}");
            }
            (expected, outcome) => panic!("{what}: {expected:?} expected, not {outcome:?}"),
        }
        served.await.expect("the script was played");
    }
}

#[tokio::test]
async fn a_bad_file_of_roots_is_named() {
    let directory = TempDir::new().expect("a directory");
    let (missing, empty) = (directory.path().join("none.pem"), directory.path().join("empty.pem"));
    std::fs::write(&empty, "no certificate\n").expect("it can be written");
    for file in [missing, empty] {
        // Nobody listens on port 1: the server is not even asked.
        let error = open(1, Security::Tls, Some(file.clone())).await.expect_err("it can't be used");
        assert!(matches!(&error, ImapError::CaFile { path, .. } if *path == file), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_no_modern_tls_is_named() {
    type Case = (&'static str, &'static [u8], fn(&ImapError) -> bool);
    let cases: [Case; 3] = [
        ("the alert protocol_version", b"\x15\x03\x01\x00\x02\x02\x46", |e| {
            matches!(e, ImapError::OutdatedTls { .. })
        }),
        ("the alert handshake_failure", b"\x15\x03\x03\x00\x02\x02\x28", |e| {
            matches!(e, ImapError::OutdatedTls { .. })
        }),
        ("a greeting in clear text", b"* OK ready\r\n", |e| matches!(e, ImapError::Tls { .. })),
    ];
    for (what, bytes, expected) in cases {
        let (port, served) = listen(move |mut stream| async move {
            stream.write_all(bytes).await.expect("it is sent");
            perform(&mut stream, vec![Step::Silence]).await;
        })
        .await;
        let error = open(port, Security::Tls, None).await.expect_err("no TLS came about");
        assert!(expected(&error), "{what}: {error:?}");
        served.await.expect("it was served");
    }
}

fn before_tls(answer: &str) -> Vec<Step> {
    let offered = "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n%T OK done\r\n";
    [vec![say("* OK ready\r\n")], ask("CAPABILITY", offered), ask("STARTTLS", answer)].concat()
}

#[tokio::test]
async fn start_tls_signs_in_only_under_tls() {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("localhost", 2000, 2100);
    let (port, served) = listen(|mut stream| async move {
        perform(&mut stream, before_tls("%T OK begin\r\n")).await;
        let mut stream = acceptor.accept(stream).await.expect("the client begins TLS");
        // No greeting again; what was offered in clear text does not count.
        let script: Vec<_> = sign_in("").into_iter().skip(1).collect();
        perform(&mut stream, script).await;
    })
    .await;
    let connection = open(port, Security::StartTls, Some(authority.file())).await;
    assert!(connection.is_ok(), "{connection:?}");
    served.await.expect("the script was played");
}

#[tokio::test]
async fn start_tls_cannot_be_tricked() {
    let injected: fn(&ImapError) -> bool = |e| matches!(e, ImapError::Injected { .. });
    let none: fn(&ImapError) -> bool = |e| matches!(e, ImapError::NoStartTls { .. });
    let without = ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n");
    let cases = [
        ("an answer sent ahead", before_tls("%T OK begin\r\n* CAPABILITY IMAP4rev1\r\n"), injected),
        ("half a line sent ahead", before_tls("%T OK begin\r\n* CAP"), injected),
        ("a line ahead that can't be read", before_tls("%T OK begin\r\n* XFOO\r\n"), injected),
        ("signed in already", vec![say("* PREAUTH welcome\r\n")], injected),
        ("refused", before_tls("%T NO no\r\n"), none),
        ("not offered", [vec![say("* OK ready\r\n")], without].concat(), none),
    ];
    for (what, script, expected) in cases {
        let (port, served) = listen(|mut stream| async move {
            let heard = perform(&mut stream, script).await.unwrap_or_default();
            assert!(!heard.windows(5).any(|w| w == b"LOGIN"), "no password in clear text");
        })
        .await;
        let error = open(port, Security::StartTls, None).await.expect_err("it must not go on");
        assert!(expected(&error), "{what}: {error:?}");
        served.await.expect("the script was played");
    }
}

#[tokio::test]
async fn clear_text_stays_on_this_computer() {
    let server = Server { host: "192.0.2.1".to_owned(), port: 143, security: Security::None, ca_file: None };
    let error = Connection::open(&server, &ada(), deadlines()).await.expect_err("it is another computer");
    assert!(matches!(error, ImapError::NotLoopback { .. }), "{error:?}");
    let (port, served) = listen(|mut stream| async move {
        perform(&mut stream, sign_in("")).await;
    })
    .await;
    assert!(open(port, Security::None, None).await.is_ok(), "loopback is allowed");
    served.await.expect("the script was played");
}

#[tokio::test]
async fn a_closed_port_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it has one").port();
    drop(listener);
    let error = open(port, Security::Tls, None).await.expect_err("nobody listens");
    assert!(
        matches!(error, ImapError::Unreachable { kind: std::io::ErrorKind::ConnectionRefused, .. }),
        "{error:?}"
    );
    assert_eq!(error.class(), FailureClass::Temporary, "it may listen again");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_under_tls_is_left() {
    let (port, served) = listen(|mut stream| async move {
        perform(&mut stream, vec![Step::Silence]).await;
    })
    .await;
    let error = open(port, Security::Tls, None).await.expect_err("it never answers");
    assert!(matches!(error, ImapError::Unreachable { kind: std::io::ErrorKind::TimedOut, .. }), "{error:?}");
    served.await.expect("it was left");
}
