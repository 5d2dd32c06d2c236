//! What a double is told before it starts.

use crate::server::Security;
use crate::tls::Flaw;

/// What the double announces and does.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// MOVE (RFC 6851).
    pub moves: bool,
    /// UIDPLUS (RFC 4315): COPYUID, APPENDUID, UID EXPUNGE.
    pub uidplus: bool,
    /// IDLE (RFC 2177).
    pub idle: bool,
    /// SPECIAL-USE (RFC 6154); without it LIST gives no such attribute.
    pub special_use: bool,
    /// NAMESPACE (RFC 2342).
    pub namespace: bool,
    /// QUOTA (RFC 9208).
    pub quota: bool,
    /// ID (RFC 2971).
    pub id: bool,
    /// UNSELECT (RFC 3691).
    pub unselect: bool,
    /// SASL-IR (RFC 4959).
    pub sasl_ir: bool,
    /// Before sign-in only IMAP4rev1 and the ways to sign in are announced (as Exchange does).
    pub after_sign_in_only: bool,
    /// SELECT is refused until the client has sent ID (as 163.com does).
    pub wants_id: bool,
    /// Further words for the capability line, announced and nothing more.
    pub also: Vec<String>,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            moves: true,
            uidplus: true,
            idle: true,
            special_use: true,
            namespace: true,
            quota: true,
            id: true,
            unselect: true,
            sasl_ir: true,
            after_sign_in_only: false,
            wants_id: false,
            also: Vec::new(),
        }
    }
}

impl Capabilities {
    /// The words of a CAPABILITY answer.
    pub(super) fn words(&self, signed_in: bool, offer_starttls: bool) -> String {
        let mut words = vec!["IMAP4rev1".to_owned()];
        if signed_in || !self.after_sign_in_only {
            for (has, word) in [
                (self.moves, "MOVE"),
                (self.uidplus, "UIDPLUS"),
                (self.idle, "IDLE"),
                (self.special_use, "SPECIAL-USE"),
                (self.namespace, "NAMESPACE"),
                (self.quota, "QUOTA"),
                (self.id, "ID"),
                (self.unselect, "UNSELECT"),
                (true, "ENABLE"),
            ] {
                if has {
                    words.push(word.to_owned());
                }
            }
            words.extend(self.also.iter().cloned());
        }
        if !signed_in {
            if self.sasl_ir {
                words.push("SASL-IR".to_owned());
            }
            words.push(if offer_starttls { "STARTTLS" } else { "AUTH=PLAIN" }.to_owned());
            if offer_starttls {
                words.push("LOGINDISABLED".to_owned());
            }
        }
        words.join(" ")
    }
}

/// How a double is started; change it later through its methods.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What it announces and does.
    pub capabilities: Capabilities,
    /// How the connection is secured.
    pub security: Security,
    /// What is wrong with its certificate.
    pub flaw: Flaw,
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: String,
    /// The hierarchy delimiter.
    pub delimiter: char,
    /// The personal namespace: `""`, or `"INBOX."` as on Courier and Cyrus; names outside it are refused.
    pub prefix: String,
    /// The folder with the attribute `\Sent`, without prefix; none if empty.
    pub sent: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::default(),
            security: Security::Tls,
            flaw: Flaw::None,
            user: "ada".to_owned(),
            password: "correct-horse".to_owned(),
            delimiter: '/',
            prefix: String::new(),
            sent: "Sent".to_owned(),
        }
    }
}
