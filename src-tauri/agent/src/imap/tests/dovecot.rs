//! The whole way on a real Dovecot.

use std::os::unix::fs::PermissionsExt as _;
use std::{future::pending, path::Path, process::Stdio, time::Duration};

use secrecy::SecretString;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command as Process};

use super::script::deadlines;
use crate::imap::command::{Command, Piece};
use crate::imap::{
    Connection, Credentials, FolderName, HeaderSet, ImapError, Security, Server, UidSet, Woken,
};

const DOVECOT: &str = "/usr/sbin/dovecot";

/// A Dovecot of our own, with an account alice; ends with the test.
struct Dovecot {
    process: Child,
    directory: TempDir,
    port: u16,
}

impl Dovecot {
    /// Starts one, or says that there is none on this machine.
    async fn start() -> Option<Self> {
        if !Path::new(DOVECOT).exists() {
            println!("skipped: {DOVECOT} is not installed");
            return None;
        }
        let directory = TempDir::new().expect("a directory");
        let at = directory.path();
        std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        for part in ["run", "state", "mail"] {
            std::fs::create_dir(at.join(part)).expect("it is empty");
        }
        std::fs::write(at.join("users"), "alice:{PLAIN}alicepw::::::\n").expect("it can be written");
        let port = {
            let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            free.local_addr().expect("it has one").port()
        };
        let us = [told(&["id", "-un"]).await, told(&["id", "-gn"]).await];
        if us[0] == "root" {
            told(&["chown", "nobody:nogroup", &at.join("mail").display().to_string()]).await;
        }
        std::fs::write(at.join("dovecot.conf"), config(at, port, &us)).expect("it can be written");
        let process = Process::new(DOVECOT)
            .arg("-F")
            .arg("-c")
            .arg(at.join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it can be started");
        let mut dovecot = Self { process, directory, port };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(dovecot);
            }
            let ended = tokio::time::timeout(Duration::from_millis(50), dovecot.process.wait()).await;
            assert!(ended.is_err(), "Dovecot ended: {}", dovecot.log());
        }
        panic!("Dovecot does not listen: {}", dovecot.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("dovecot.log")).unwrap_or_default()
    }

    async fn open(&self) -> Connection {
        let server =
            Server { host: "localhost".to_owned(), port: self.port, security: Security::None, ca_file: None };
        let alice =
            Credentials::Password { user: "alice".to_owned(), password: SecretString::from("alicepw") };
        Connection::open(&server, &alice, deadlines()).await.expect("alice can sign in")
    }

    /// Ends it with all its children, so that none outlives the directory.
    async fn stop(mut self) {
        let pid = self.process.id().expect("it runs").to_string();
        let _ = Process::new("kill").arg(pid).status().await;
        self.process.wait().await.expect("it ends");
    }
}

/// What a command prints.
async fn told(command: &[&str]) -> String {
    let output = Process::new(command[0]).args(&command[1..]).output().await.expect("it runs");
    assert!(output.status.success(), "{command:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A configuration that works for root, and for an ordinary user and group.
fn config(at: &Path, port: u16, [whoami, ours]: &[String; 2]) -> String {
    let at = at.display();
    let (user, group, login, inner, inner_group, chroot) = match whoami.as_str() {
        "root" => ("nobody", "nogroup", "dovenull", "dovecot", "dovecot", ""),
        us => (us, ours.as_str(), us, us, ours.as_str(), "chroot ="),
    };
    format!(
        "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/dovecot.log\nprotocols = imap\n\
         listen = 127.0.0.1\nssl = no\ndisable_plaintext_auth = no\n\
         default_login_user = {login}\ndefault_internal_user = {inner}\ndefault_internal_group = {inner_group}\n\
         first_valid_uid = 1\nmail_location = maildir:{at}/mail/%u\nmail_plugins = quota\n\
         protocol imap {{\n  mail_plugins = quota imap_quota\n}}\n\
         plugin {{\n  quota = count:all\n  quota_vsizes = yes\n  quota_rule = *:storage=10M\n}}\n\
         passdb {{\n  driver = passwd-file\n  args = {at}/users\n}}\n\
         userdb {{\n  driver = static\n  args = uid={user} gid={group} home={at}/mail/%u\n}}\n\
         namespace inbox {{\n  inbox = yes\n  separator = /\n  mailbox Sent {{\n    special_use = \\Sent\n    auto = create\n  }}\n}}\n\
         service imap-login {{\n  {chroot}\n  inet_listener imap {{\n    port = {port}\n  }}\n  inet_listener imaps {{\n    port = 0\n  }}\n}}\n\
         service anvil {{\n  {chroot}\n}}\nservice stats {{\n  {chroot}\n}}\n"
    )
}

/// Puts a mail into a folder, as a mail program does.
async fn append(connection: &mut Connection, folder: &FolderName, n: u32) {
    let mail = format!("Message-ID: <{n}@example.org>\r\nSubject: no {n}\r\n\r\nText {n}.\r\n");
    let mut command = Command::new("APPEND")
        .folder(folder)
        .expect("a good name")
        .arg("(\\Answered) \"01-Feb-2024 10:00:00 +0100\" ");
    command.pieces.push(Piece::Literal(mail.into_bytes().into()));
    connection.wire.run(&command, &mut |_| {}).await.expect("it is taken");
}

#[tokio::test]
async fn the_whole_way() {
    let Some(dovecot) = Dovecot::start().await else { return };
    let mut connection = dovecot.open().await;
    assert!(
        connection.capabilities().has("MOVE") && connection.capabilities().has("UIDPLUS"),
        "of Dovecot 2.3"
    );
    assert_eq!(connection.namespace().delimiter, Some('/'), "as configured");

    let quarantine = FolderName::from_display("Never Sent");
    let foreign = FolderName::from_display("Gelöscht & \"weg\"");
    for folder in [&quarantine, &foreign] {
        connection.create(folder).await.expect("it can be made");
        connection.create(folder).await.expect("it exists by now");
        connection.subscribe(folder).await.expect("it exists");
    }
    let folders = connection.list().await.expect("they are listed");
    let sent = folders.iter().find(|f| f.has("\\sent")).expect("Sent has its attribute");
    assert_eq!(sent.name.0, "Sent", "special use is told by the plain LIST");
    assert!(folders.iter().any(|f| f.name == foreign), "the name comes back as it was sent: {folders:?}");
    connection.examine(&foreign).await.expect("and opens");

    let inbox = FolderName::inbox();
    for n in 1..=6 {
        append(&mut connection, &inbox, n).await;
    }
    let opened = connection.select(&inbox).await.expect("it is there");
    assert_eq!((opened.exists, opened.uid_next, opened.read_only), (6, 7, false), "six mails");

    let all = UidSet::range(1..=9);
    let fetched = connection.headers(&all, HeaderSet::Triage).await.expect("they are there");
    assert_eq!(fetched.missing.to_string(), "7:9", "asked against got");
    let first = &fetched.mails[0];
    assert_eq!(first.internal_date.0, 1_706_778_000, "INTERNALDATE");
    assert!(first.flags.contains(&"\\Answered".to_owned()), "{:?}", first.flags);
    assert!(first.headers.starts_with(b"Message-ID: <1@example.org>\r\nSubject: no 1\r\n"), "all headers");
    let types = first.structure.as_ref().map(|s| s.media_types.clone());
    assert_eq!(types, Some(vec!["text/plain".to_owned()]), "BODYSTRUCTURE");
    for set in [HeaderSet::Sent, HeaderSet::Identity] {
        let some = connection.headers(&UidSet::range(2..=3), set).await.expect("they are there");
        let headers = String::from_utf8_lossy(&some.mails[1].headers).into_owned();
        assert!(headers.contains("<3@example.org>") && !headers.contains("Text"), "{set:?}: {headers}");
    }
    let mail = connection.mail(4, 1_000).await.expect("it is answered").expect("it is there");
    assert_eq!((mail.bytes.len() as u32, mail.truncated), (mail.size, false), "the whole mail");
    assert!(!mail.flags.contains(&"\\Seen".to_owned()), "fetched, and not seen: {:?}", mail.flags);
    let cut = connection.mail(4, 10).await.expect("it is answered").expect("it is there");
    assert_eq!((cut.bytes.as_slice(), cut.truncated), (&mail.bytes[..10], true), "the first ten bytes");
    assert_eq!(connection.uids(3..=u32::MAX).await.expect("listed"), [3, 4, 5, 6], "from 3 on");

    let moved = connection.move_mails(&[1, 3].into_iter().collect(), &quarantine).await.expect("moved");
    assert_eq!(moved.uids.keys().copied().collect::<Vec<_>>(), [1, 3], "COPYUID tells where each went");
    let copied = connection.copy_mails(&UidSet::one(2), &quarantine).await.expect("copied");
    connection.add_deleted(&UidSet::range(2..=4)).await.expect("marked");
    connection.remove_deleted(&UidSet::one(4)).await.expect("unmarked");
    connection.uid_expunge(&UidSet::one(2)).await.expect("removed");
    assert_eq!(connection.uids(1..=u32::MAX).await.expect("listed"), [4, 5, 6], "2 is gone");
    let status = connection.status(&quarantine).await.expect("it is there");
    assert_eq!(
        (status.messages, Some(status.uid_validity)),
        (3, copied.destination_uid_validity),
        "all three"
    );

    let gone = connection.select(&FolderName::from_display("nowhere")).await.expect_err("it is not there");
    assert!(gone.is_no_such_folder(), "{gone:?}");
    let nowhere = connection.select(&inbox).await.expect("the connection is good");
    let lost = connection.copy_mails(&UidSet::one(4), &FolderName::from_display("nowhere")).await;
    assert!(lost.is_err_and(|e| e.error.is_no_such_folder()), "TRYCREATE, or NONEXISTENT");
    let quota = connection.quota(&inbox).await.expect("it is answered").expect("ten megabytes");
    assert_eq!(quota.limit_kib, 10 * 1024, "as configured");

    let mut other = dovecot.open().await;
    let (woken, ()) =
        tokio::join!(connection.idle(pending(), Duration::from_secs(60)), append(&mut other, &inbox, 7));
    assert_eq!(woken.expect("nothing is lost"), Woken::News, "a mail that comes ends IDLE");
    let again = connection.refresh_selected().await.expect("it is open");
    assert_eq!((again.exists, again.uid_next), (nowhere.exists + 1, nowhere.uid_next + 1), "one more");
    append(&mut other, &inbox, 8).await;
    assert!(connection.noop().await.expect("it is answered"), "NOOP tells of it too");
    let interrupted = connection.idle(std::future::ready(()), Duration::from_secs(60)).await;
    assert_eq!(interrupted.expect("nothing is lost"), Woken::Interrupted, "by ourselves");

    other.log_out().await;
    dovecot.stop().await;
    let dead = connection.noop().await.expect_err("the server is gone");
    assert!(matches!(dead, ImapError::Lost { .. }), "{dead:?}");
    assert!(!connection.is_usable(), "it must be opened anew");
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let Some(dovecot) = Dovecot::start().await else { return };
    let server =
        Server { host: "localhost".to_owned(), port: dovecot.port, security: Security::None, ca_file: None };
    let mallory = Credentials::Password { user: "alice".to_owned(), password: SecretString::from("x") };
    let refused = Connection::open(&server, &mallory, deadlines()).await.expect_err("it is wrong");
    assert!(matches!(refused, ImapError::SignInRefused { .. }), "{refused:?}");
    dovecot.stop().await;
}
