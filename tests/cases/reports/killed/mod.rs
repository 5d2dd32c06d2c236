//! The program is killed at every step of sending: no report is sent twice, and none is lost without a word.

mod by_the_journal;

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::api::ReportView;
use it::imap_double::{Double, Event, Moment, Setup};
use it::{MailServer, Rig, date};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};

use super::{bounce, reporting_rig, reports, run};

/// Where the mail server stands when the program is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// It has read a command that begins so, and not answered.
    Command(&'static str),
    /// It has the whole mail, and has not answered.
    Taken,
    /// It has answered that it took the mail.
    Answered,
}

/// A mail server that counts what it took, and says when it has come to a step; it goes on when it is told to.
struct Smtp {
    port: u16,
    taken: Arc<AtomicUsize>,
    stop: Arc<Mutex<Option<At>>>,
    /// Whether no more recipients are taken.
    refuses: Arc<AtomicBool>,
    reached: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
}

impl Smtp {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (taken, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(None)));
        let (tell, reached) = mpsc::unbounded_channel();
        let refuses = Arc::new(AtomicBool::new(false));
        let (counted, stops, refused) = (taken.clone(), stop.clone(), refuses.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let _ = write.write_all(b"220 mx\r\n").await;
                let wait = async |at: At| {
                    let is_it = *stops.lock().unwrap_or_else(PoisonError::into_inner) == Some(at);
                    if is_it {
                        let (go_on, dead) = oneshot::channel();
                        let _ = tell.send(go_on);
                        let _ = dead.await;
                    }
                };
                let mut in_data = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    if in_data && line != "." {
                        continue;
                    }
                    let command = if in_data { "." } else { line.split(' ').next().unwrap_or_default() };
                    let answer = match command {
                        "." => {
                            counted.fetch_add(1, Ordering::SeqCst);
                            wait(At::Taken).await;
                            "250 taken"
                        }
                        command => {
                            for known in ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"] {
                                if command == known {
                                    wait(At::Command(known)).await;
                                }
                            }
                            match command {
                                "EHLO" => "250-mx\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                                "AUTH" => "235 ok",
                                "RCPT" if refused.load(Ordering::SeqCst) => "550 5.7.1 no",
                                "DATA" => "354 go on",
                                "QUIT" => "221 bye",
                                _ => "250 ok",
                            }
                        }
                    };
                    in_data = answer.starts_with("354");
                    if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                        break;
                    }
                    if command == "." {
                        wait(At::Answered).await;
                    }
                }
            }
        });
        Self { port, taken, stop, refuses, reached }
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    /// It comes to the step at which it is to stop; goes on when what is returned is dropped.
    async fn stopped(&mut self) -> oneshot::Sender<()> {
        let reached = tokio::time::timeout(Duration::from_secs(60), self.reached.recv()).await;
        reached.expect("that moment comes").expect("the server is there")
    }

    fn stop_at(&self, at: Option<At>) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

/// An account with one approved report, on the double.
async fn approved(smtp: &Smtp) -> Rig {
    let double = Double::start(Setup::default()).expect("the double starts");
    let toml = format!("smtp = {{ host = \"127.0.0.1\", port = {}, security = \"none\" }}", smtp.port);
    let rig = reporting_rig(MailServer::Double(double), toml, "[complaints]\noperator = true\n");
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", date::now() - 3_600)]).expect("it comes in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 1, "it is backscatter");
    let (code, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert_eq!(code, Some(0), "{text}");
    rig
}

fn double(rig: &Rig) -> &Double {
    match &rig.server {
        MailServer::Double(double) => double,
        MailServer::Dovecot(_) | MailServer::Courier(_) => unreachable!("these run on the double"),
    }
}

fn send(rig: &Rig) -> Command {
    let mut program = rig.program(&["reports", "send"]);
    program.stdout(Stdio::null()).stderr(Stdio::null());
    program
}

async fn one(rig: &Rig) -> ReportView {
    let mut all = reports(rig).await;
    assert_eq!(all.len(), 1, "there is one report, whatever happened: {all:?}");
    all.remove(0)
}

/// After a kill: whatever may have been sent is not sent again by itself and is told of; whatever was not is sent.
async fn check(rig: &Rig, smtp: &Smtp, handed_over: bool, what: &str) {
    smtp.stop_at(None);
    let taken = smtp.taken();
    for again in 0..2 {
        let (code, text) = run(rig, &["reports", "send"]).await;
        assert_eq!(code, Some(0), "{what}, {again}: {text}");
    }
    let report = one(rig).await;
    if handed_over {
        assert_eq!(smtp.taken(), taken, "{what}: it is not sent again by itself");
        assert!(["cut_off", "sent"].contains(&report.state.as_str()), "{what}: {report:?}");
        let why = report.why.clone().unwrap_or_default();
        assert!(
            report.state == "sent" || why.contains("may have been sent"),
            "{what}: it is told: {report:?}"
        );
    } else {
        assert_eq!(
            (smtp.taken(), report.state.as_str()),
            (1, "sent"),
            "{what}: it is sent, once: {report:?}"
        );
    }
    let copies: Vec<_> = double(rig).mails("Sent").into_iter().map(|(_, mail)| mail).collect();
    let of_report =
        copies.iter().filter(|mail| String::from_utf8_lossy(&mail.bytes).contains("Subject: Backscatter"));
    assert!(of_report.count() <= 1, "{what}: no copy twice");
    // The user's word sends it once more where it may not have gone, under the same id; else it is refused.
    let (code, text) = run(rig, &["reports", "approve", &report.id.0]).await;
    assert_eq!(code == Some(0), report.state == "cut_off", "{what}: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_step_of_the_mail_server() {
    for (at, handed_over) in [
        (At::Command("EHLO"), false),
        (At::Command("AUTH"), false),
        (At::Command("MAIL"), false),
        (At::Command("RCPT"), false),
        (At::Command("DATA"), false),
        (At::Taken, true),
        (At::Answered, true),
    ] {
        let what = format!("killed at {at:?}");
        let mut smtp = Smtp::start().await;
        let rig = approved(&smtp).await;
        smtp.stop_at(Some(at));
        let mut program = send(&rig).spawn().expect("the program starts");
        let go_on = smtp.stopped().await;
        program.kill().await.expect("it can be killed");
        let _ = go_on.send(());
        check(&rig, &smtp, handed_over, &what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_copy_is_filed() {
    for moment in [Moment::Received, Moment::Executed] {
        let what = format!("killed at APPEND, {moment:?}");
        let smtp = Smtp::start().await;
        let rig = approved(&smtp).await;
        let (tell, mut told) = mpsc::unbounded_channel();
        let (dead, died) = std::sync::mpsc::channel::<()>();
        let died = Mutex::new(died);
        double(&rig).on_command(move |event: &Event<'_>| {
            if event.name == "APPEND" && event.moment == moment {
                let _ = tell.send(());
                let died = died.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = died.recv_timeout(Duration::from_secs(30));
            }
        });
        let mut program = send(&rig).spawn().expect("the program starts");
        let reached = tokio::time::timeout(Duration::from_secs(60), told.recv()).await;
        reached.expect("that moment comes").expect("the double is there");
        program.kill().await.expect("it can be killed");
        drop(dead);
        double(&rig).clear_hook();
        // It was written down that it is being sent: from there on it may have been.
        check(&rig, &smtp, true, &what).await;
        assert_eq!(smtp.taken(), 0, "{what}: it was not, and is said to be unsure");
    }
}
