//! Signing in: AUTHENTICATE PLAIN or LOGIN with a password, XOAUTH2 with a token.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use super::capabilities::Capabilities;
use super::command::Command;
use super::error::is_passing;
use super::wire::Wire;
use super::{Credentials, ImapError, Loss};

/// Challenges that a server may put before it is taken for mad; PLAIN and XOAUTH2 need two at most.
const CHALLENGES: usize = 3;

/// Signs in by the best way that both sides know.
pub(super) async fn sign_in(
    wire: &mut Wire,
    offered: &Capabilities,
    credentials: &Credentials,
    host: &str,
) -> Result<(), ImapError> {
    let outcome = match credentials {
        Credentials::Password { user, password } => {
            let password = password.expose_secret();
            if offered.has("AUTH=PLAIN") {
                for part in [user, password] {
                    if part.contains('\0') {
                        return Err(ImapError::NotSendable { what: "the user name or password" });
                    }
                }
                // RFC 4616.
                let answer = Zeroizing::new(format!("\0{user}\0{password}"));
                authenticate(wire, Command::new("AUTHENTICATE").arg("PLAIN"), &answer).await
            } else if offered.has("LOGINDISABLED") {
                return Err(ImapError::NoSignIn { host: host.to_owned() });
            } else {
                let login =
                    Command::new("LOGIN").data(user, "the user name")?.data(password, "the password")?;
                wire.run(&login, &mut |_| {}).await
            }
        }
        Credentials::OAuth2 { user, token } => {
            if !offered.has("AUTH=XOAUTH2") {
                return Err(ImapError::NoSignIn { host: host.to_owned() });
            }
            // https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
            let answer =
                Zeroizing::new(format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose_secret()));
            authenticate(wire, Command::new("AUTHENTICATE").arg("XOAUTH2"), &answer).await
        }
    };
    outcome.map_err(verdict)
}

async fn authenticate(wire: &mut Wire, command: Command, answer: &str) -> Result<(), ImapError> {
    let doing = command.name;
    let tag = wire.send(&command, &mut |_| {}).await?;
    for challenge in 0..=CHALLENGES {
        match wire.continuation(doing, &tag, &mut |_| {}).await? {
            None => return Ok(()),
            Some(_) if challenge == 0 => {
                let answer = Zeroizing::new(BASE64_STANDARD.encode(answer));
                wire.send_line(doing, answer.as_bytes()).await?;
            }
            // XOAUTH2 tells the reason of a failure in a challenge, and its NO after an empty line.
            Some(_) => wire.send_line(doing, b"").await?,
        }
    }
    Err(wire.lose(doing, Loss::Protocol))
}

/// Tells a refused sign-in, which stops all trying, from one that can work later.
fn verdict(error: ImapError) -> ImapError {
    match error {
        ImapError::Refused { code, text, .. } if is_passing(code.as_deref(), &text) => {
            ImapError::SignInLater { text }
        }
        ImapError::Refused { text, .. } => ImapError::SignInRefused { text },
        ImapError::Lost { how: Loss::Bye(text), .. } => ImapError::SignInLater { text },
        other => other,
    }
}
